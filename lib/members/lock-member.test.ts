import { expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db, pool } from "@/lib/database/db";
import { lockMember } from "@/lib/members/lock-member";
import { createTestMember, createTestTeam, setRolePermissions } from "@/lib/testing/fixtures";

const whatMayDo = (actor: Actor) => db.$transaction((tx) => lockMember(tx, actor, "developer.manage_tokens"));

type Run = (sql: string, values: unknown[]) => Promise<unknown>;

/** Runs `change` while another transaction holds the member's lock and `lockMember` waits for it. */
async function changedWhileWaiting(actor: Actor, change: (runInHolder: Run) => Promise<unknown>) {
  const holder = await pool.connect();
  await holder.query("begin");
  const { rows } = await holder.query("select pg_backend_pid() as pid from members where id = $1 for update", [
    actor.memberId,
  ]);
  const waiting = whatMayDo(actor);
  waiting.catch(() => {});
  await expect.poll(() => countBlockedBy(rows[0].pid)).toBe(1);
  await change((sql, values) => holder.query(sql, values));
  await holder.query("commit");
  holder.release();
  return waiting;
}

async function countBlockedBy(pid: number): Promise<number | null> {
  const { rowCount } = await pool.query("select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", [pid]);
  return rowCount;
}

test("a role narrowed while the operation waited is seen", async () => {
  const actor = await createTestMember(await createTestTeam(), {
    permissions: ["developer.manage_tokens", "events.write"],
  });
  const permissions = await changedWhileWaiting(actor, () => setRolePermissions(actor, ["developer.manage_tokens"]));
  expect([...permissions]).toEqual(["developer.manage_tokens"]);
});

test("a member given another role while the operation waited is judged by the new one", async () => {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { role: "Developer" });
  const admin = await db.role.findFirstOrThrow({ where: { teamId: team.id, name: "Admin" } });
  const permissions = await changedWhileWaiting(actor, (run) =>
    run("update members set role_id = $1 where id = $2", [admin.id, actor.memberId]),
  );
  expect(permissions).toContain("team.manage_keys");
});

test("a member removed while the operation waited is refused", async () => {
  const actor = await createTestMember(await createTestTeam());
  const waiting = changedWhileWaiting(actor, (run) =>
    run("update members set removed_at = now() where id = $1", [actor.memberId]),
  );
  await expect(waiting).rejects.toMatchObject({ code: "forbidden" });
});

test("a user disabled while the operation waited is refused", async () => {
  const actor = await createTestMember(await createTestTeam());
  const waiting = changedWhileWaiting(actor, () =>
    db.user.update({ where: { id: actor.userId }, data: { disabledAt: new Date() } }),
  );
  await expect(waiting).rejects.toMatchObject({ code: "forbidden" });
});
