import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordRefusal } from "@/lib/audit/record-refusal";
import { db } from "@/lib/database/db";
import { auditEntries, createTestMember, createTestTeam } from "@/lib/testing/fixtures";
import { connectAsOwner, ownerDb } from "@/lib/testing/owner-database";

/** The tables' owner needs no grant and is refused anyway. */
let owner: pg.Client;
beforeAll(async () => {
  owner = await connectAsOwner();
});
afterAll(() => owner.end());

async function teamWithEntry(): Promise<string> {
  const { id } = await createTestTeam();
  return id;
}

test.each([
  ["UPDATE", "update audit_entries set actor_name = 'Mallory' where team_id = $1"],
  ["DELETE", "delete from audit_entries where team_id = $1"],
  [
    "an upsert",
    "insert into audit_entries select * from audit_entries where team_id = $1 on conflict (id) do update set action = 'x'",
  ],
])("the database refuses %s on an audit entry", async (_, statement) => {
  const teamId = await teamWithEntry();
  const before = await db.auditEntry.findMany({ where: { teamId } });
  await expect(owner.query(statement, [teamId])).rejects.toThrow("The audit log is append-only");
  expect(await db.auditEntry.findMany({ where: { teamId } })).toEqual(before);
});

test("the database refuses TRUNCATE of the audit log", async () => {
  // In a transaction, because other tests' entries are in the same table.
  await owner.query("begin");
  await expect(owner.query("truncate audit_entries cascade")).rejects.toThrow("The audit log is append-only");
  await owner.query("rollback");
});

test("a team with a log can't be deleted, and its log with it", async () => {
  const teamId = await teamWithEntry();
  await expect(ownerDb.team.delete({ where: { id: teamId } })).rejects.toThrow();
  expect(await db.auditEntry.count({ where: { teamId } })).toBe(1);
});

test("a refusal of authorisation is written down with who was refused and why", async () => {
  const actor = await createTestMember(await createTestTeam());
  await recordRefusal(actor, "Your role doesn't include this.");
  expect(await auditEntries(actor.teamId, "permission.refused")).toMatchObject([
    { actorId: actor.userId, targetType: "permission", targetId: null, targetLabel: "Your role doesn't include this." },
  ]);
});

test("a refusal that can't be written down is still only a refusal", async () => {
  const actor = await createTestMember(await createTestTeam());
  await expect(recordRefusal({ ...actor, name: "\0" }, "refused")).resolves.toBeUndefined();
});
