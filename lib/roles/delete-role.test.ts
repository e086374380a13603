import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db, pool } from "@/lib/database/db";
import { deleteRole } from "@/lib/roles/delete-role";
import { lockTeamGovernance } from "@/lib/teams/lock-team";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";

async function teamWithRole() {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { role: "Admin" });
  const role = await db.role.create({ data: { teamId: team.id, name: "Support", permissions: ["events.read"] } });
  return { team, actor, roleId: role.id };
}

const isThere = async (roleId: string) => (await db.role.count({ where: { id: roleId } })) === 1;

async function addHolder(teamId: string, roleId: string, state: { disabledAt?: Date; removedAt?: Date } = {}) {
  const user = await db.user.create({ data: { email: `${randomUUID()}@example.com`, name: "Holder" } });
  return db.member.create({ data: { teamId, roleId, userId: user.id, ...state } });
}

type InvitationState = { expiresAt?: Date; acceptedAt?: Date; withdrawnAt?: Date };

const invite = ({ teamId, memberId }: Actor, roleId: string, state: InvitationState = {}) =>
  db.invitation.create({
    data: { teamId, roleId, invitedById: memberId, codeHash: randomBytes(32), expiresAt: inDays(7), ...state },
  });

describe("a role that nobody holds", () => {
  test("is deleted, with an entry that says what it granted", async () => {
    const { team, actor, roleId } = await teamWithRole();
    await deleteRole(actor, { roleId });
    expect(await isThere(roleId)).toBe(false);
    expect(await auditEntries(team.id, "role.deleted")).toMatchObject([
      { targetType: "role", targetId: roleId, targetLabel: "Support", details: { permissions: ["events.read"] } },
    ]);
  });

  test("is deleted although removed members and past invitations had it: they go on with the least of the others", async () => {
    const { team, actor, roleId } = await teamWithRole();
    const gone = await addHolder(team.id, roleId, { removedAt: new Date() });
    const past = [
      await invite(actor, roleId, { expiresAt: inDays(-1) }),
      await invite(actor, roleId, { withdrawnAt: new Date() }),
      await invite(actor, roleId, { acceptedAt: new Date() }),
    ];
    await deleteRole(actor, { roleId });
    const viewer = await db.role.findFirstOrThrow({ where: { teamId: team.id, name: "Viewer" } });
    expect((await db.member.findUniqueOrThrow({ where: { id: gone.id } })).roleId).toBe(viewer.id);
    for (const { id } of past) {
      expect((await db.invitation.findUniqueOrThrow({ where: { id } })).roleId).toBe(viewer.id);
    }
  });

  test("is deleted once, also by two at the same time", async () => {
    const { team, actor, roleId } = await teamWithRole();
    const second = await createTestMember(team, { role: "Admin" });
    const done = await Promise.allSettled([deleteRole(actor, { roleId }), deleteRole(second, { roleId })]);
    const refused = done.filter((each) => each.status === "rejected");
    expect(refused.map(({ reason }) => reason.code)).toEqual(["not_found"]);
    expect(await auditEntries(team.id, "role.deleted")).toHaveLength(1);
  });

  test("stays when the entry can't be written", async () => {
    const { actor, roleId } = await teamWithRole();
    await expect(deleteRole({ ...actor, name: "\0" }, { roleId })).rejects.toThrow();
    expect(await isThere(roleId)).toBe(true);
  });
});

describe("a role isn't deleted", () => {
  test("while members hold it, disabled ones included; the refusal says how many", async () => {
    const { team, actor, roleId } = await teamWithRole();
    await addHolder(team.id, roleId);
    expect((await expectAppError(deleteRole(actor, { roleId }), "conflict")).message).toContain("1 member has");
    await addHolder(team.id, roleId, { disabledAt: new Date() });
    expect((await expectAppError(deleteRole(actor, { roleId }), "conflict")).message).toContain("2 members have");
    expect(await isThere(roleId)).toBe(true);
  });

  test("while an open invitation is for it", async () => {
    const { actor, roleId } = await teamWithRole();
    await invite(actor, roleId);
    const { message } = await expectAppError(deleteRole(actor, { roleId }), "conflict");
    expect(message).toContain("1 open invitation has this role");
  });

  test("when it is the built-in Admin", async () => {
    const { team, actor } = await teamWithRole();
    const admin = await db.role.findFirstOrThrow({ where: { teamId: team.id, grantsAll: true } });
    await expectAppError(deleteRole(actor, { roleId: admin.id }), "conflict");
    expect(await isThere(admin.id)).toBe(true);
  });

  test("by somebody who holds less than it grants, or may not manage roles", async () => {
    const { team, roleId } = await teamWithRole();
    for (const permissions of [["team.manage_roles"], ["events.read", "team.manage_members"]]) {
      const actor = await createTestMember(team, { permissions });
      await expectAppError(deleteRole(actor, { roleId }), "forbidden");
    }
    expect(await isThere(roleId)).toBe(true);
  });

  test("when it is another team's", async () => {
    const { roleId } = await teamWithRole();
    const { actor: stranger } = await teamWithRole();
    await expectAppError(deleteRole(stranger, { roleId }), "not_found");
    expect(await isThere(roleId)).toBe(true);
  });
});

describe("a member who is given the role while it is being deleted", () => {
  test("keeps it: the deletion waits for the change and is refused", async () => {
    const { team, actor, roleId } = await teamWithRole();
    const member = await createTestMember(team, { role: "Viewer" });
    let deletion: Promise<void> | undefined;
    await db.$transaction(async (tx) => {
      await lockTeamGovernance(tx, team.id);
      await tx.member.update({ where: { id: member.memberId }, data: { roleId } });
      deletion = deleteRole(actor, { roleId });
      deletion.catch(() => {});
      await expect.poll(waitingForLocks(team.id)).toBe(1);
    });
    await expectAppError(deletion as Promise<void>, "conflict");
    expect(await isThere(roleId)).toBe(true);
  });

  test("keeps it also where the change took no lock of ours", async () => {
    const { team, actor, roleId } = await teamWithRole();
    const member = await createTestMember(team, { role: "Viewer" });
    const holder = await pool.connect();
    await holder.query("begin");
    await holder.query("update members set role_id = $1 where id = $2", [roleId, member.memberId]);
    const { rows } = await holder.query("select pg_backend_pid() as pid");
    const deletion = deleteRole(actor, { roleId });
    deletion.catch(() => {});
    await expect.poll(async () => (await blockedBy(rows[0].pid)) > 0).toBe(true);
    await holder.query("commit");
    holder.release();
    await expectAppError(deletion, "conflict");
  });

  test("or is refused it, when the deletion came first; never both", async () => {
    const { team, actor, roleId } = await teamWithRole();
    const member = await createTestMember(team, { role: "Viewer" });
    const assign = db.member.update({ where: { id: member.memberId }, data: { roleId } });
    const [deleted, assigned] = await Promise.allSettled([deleteRole(actor, { roleId }), assign]);
    expect([deleted.status, assigned.status].sort()).toEqual(["fulfilled", "rejected"]);
    const { role } = await db.member.findUniqueOrThrow({ where: { id: member.memberId }, include: { role: true } });
    expect(role.id === roleId).toBe(assigned.status === "fulfilled");
  });
});

async function blockedBy(pid: number): Promise<number> {
  const { rowCount } = await pool.query("select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", [pid]);
  return rowCount ?? 0;
}

/** The number of transactions that wait for the team's governance lock. */
const waitingForLocks = (teamId: string) => async () => {
  const { rows } = await pool.query(
    `select count(*)::int as waiting from pg_locks
     where locktype = 'advisory' and not granted
       and ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)`,
    [`team:${teamId}`],
  );
  return rows[0].waiting;
};
