import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { describeDetails } from "@/lib/audit/describe-details";
import { recordRefusal } from "@/lib/audit/record-refusal";
import { recordRepeatedRefusals } from "@/lib/audit/record-repeated-refusals";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { tablesContaining } from "@/lib/testing/database-search";
import { auditEntries, createTestMember, createTestTeam } from "@/lib/testing/fixtures";
import { connectAsOwner } from "@/lib/testing/owner-database";

const viewer = async () => createTestMember(await createTestTeam(), { role: "Viewer" });
const entriesOf = async ({ teamId }: Actor) =>
  (await auditEntries(teamId, "permission.refused")).map(({ targetLabel, details }) => [targetLabel, details]);

/** Moves these members' counts back by a minute. */
const waitAMinute = (...actors: Actor[]) =>
  db.refusalCount.updateMany({
    where: { memberId: { in: actors.map(({ memberId }) => memberId) } },
    data: { since: new Date(Date.now() - 61_000) },
  });

test("a page opened in a loop has an entry at once, and one a minute with how often it was", async () => {
  const actor = await viewer();
  await Promise.all(Array.from({ length: 40 }, () => recordRefusal(actor, "Opening /a")));
  expect(await entriesOf(actor)).toEqual([["Opening /a", {}]]);
  await recordRepeatedRefusals();
  expect(await entriesOf(actor)).toHaveLength(1);

  await waitAMinute(actor);
  await Promise.all([recordRepeatedRefusals(), recordRepeatedRefusals(), recordRepeatedRefusals()]);
  await recordRefusal(actor, "Opening /a");
  const more = { more_in_the_last_minute: 39 };
  expect(await entriesOf(actor)).toEqual([
    ["Opening /a", {}],
    ["Opening /a", more],
  ]);
  expect(describeDetails(more)).toEqual(["and 39 more in the last minute"]);
  expect(await auditEntries(actor.teamId, "permission.refused")).toMatchObject([
    { actorId: actor.userId, ip: actor.ip },
    { actorId: actor.userId, actorName: actor.name, ip: actor.ip, userAgent: actor.userAgent },
  ]);
});

test("after a quiet minute the next refusal has an entry at once again", async () => {
  const actor = await viewer();
  for (let round = 0; round < 2; round++) {
    await recordRefusal(actor, "Opening /a");
    await waitAMinute(actor);
    await recordRepeatedRefusals();
  }
  expect(await entriesOf(actor)).toEqual([
    ["Opening /a", {}],
    ["Opening /a", {}],
  ]);
  expect(await db.refusalCount.count({ where: { memberId: actor.memberId } })).toBe(0);
});

test("a new reason each time makes ten entries, and the rest are counted as one", async () => {
  const actor = await viewer();
  for (let page = 0; page < 30; page++) await recordRefusal(actor, `Opening /${randomUUID()}`);
  const entries = await entriesOf(actor);
  expect(entries).toHaveLength(11);
  expect(entries.at(-1)).toEqual(["Other denied actions", {}]);
  await waitAMinute(actor);
  await recordRepeatedRefusals();
  expect((await entriesOf(actor)).slice(11)).toEqual([["Other denied actions", { more_in_the_last_minute: 19 }]]);
});

test("refusals are counted while the audit log of the team is locked", async () => {
  const actor = await viewer();
  await recordRefusal(actor, "Opening /a");
  const client = await connectAsOwner();
  await client.query("begin");
  await client.query("select 1 from audit_heads where team_id = $1 for update", [actor.teamId]);
  try {
    for (let hit = 0; hit < 20; hit++) await recordRefusal(actor, "Opening /a");
  } finally {
    await client.query("rollback");
    await client.end();
  }
  expect(await db.refusalCount.findFirst({ where: { memberId: actor.memberId } })).toMatchObject({ more: 20 });
});

test("members don't share counts, and a reason as long as a URL may be is cut", async () => {
  const [one, two] = [await viewer(), await viewer()];
  for (const actor of [one, two]) await recordRefusal(actor, `Opening /${"x".repeat(16_000)}`);
  expect((await entriesOf(one))[0]?.[0]).toHaveLength(200);
  expect(await entriesOf(two)).toHaveLength(1);
});

test("a token in a page's address is cut to its start, in the count as in the entry", async () => {
  const actor = await viewer();
  const { token, tokenStart } = generateToken("personal");
  for (let hit = 0; hit < 2; hit++) await recordRefusal(actor, `Opening /acme/settings/roles/${token}`);
  expect(await tablesContaining(token.slice(tokenStart.length, tokenStart.length + 24))).toEqual([]);
  expect(await tablesContaining(`/acme/settings/roles/${tokenStart}`)).toEqual(["audit_entries", "refusal_counts"]);
});
