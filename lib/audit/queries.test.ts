import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { auditListSchema, listAuditEntries, listAuditMembers } from "@/lib/audit/queries";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestKey, createTestKeys, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";

const EMPTY = { action: null, member: null, key: "", about: null, from: null, to: null, after: null, before: null };

type Entry = { at?: string; action?: string; actorId?: string; targetType?: string; targetId?: string };

/** A team whose log contains only these entries. */
async function teamWithLog(entries: Entry[]): Promise<{ team: TestTeam; reader: Actor }> {
  const team = await createTestTeam();
  const reader = await createTestMember(team, { permissions: ["audit.view"] });
  await log(team, entries);
  return { team, reader };
}

async function log(team: TestTeam, entries: Entry[]): Promise<void> {
  await db.auditEntry.createMany({
    data: entries.map((entry, index) => ({
      teamId: team.id,
      action: "api_key.created",
      actorName: "Ada",
      targetType: "api_key",
      targetLabel: `entry ${index}`,
      at: "2020-06-15T12:00:00.000Z",
      ...entry,
    })),
  });
}

const list = (actor: Actor, parameters: Record<string, unknown>) =>
  listAuditEntries(actor, auditListSchema.parse({ to: "2020-12-31", ...parameters }));

const labels = async (actor: Actor, parameters: Record<string, unknown>) =>
  (await list(actor, parameters)).entries.map((entry) => entry.targetLabel).sort();

describe("the audit log shows", () => {
  test("the entries of an action", async () => {
    const { reader } = await teamWithLog([{ action: "api_key.created" }, { action: "api_key.revoked" }]);
    expect(await labels(reader, { action: "api_key.revoked" })).toEqual(["entry 1"]);
  });

  test("the entries of who acted", async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    const { reader } = await teamWithLog([{ actorId: ada }, { actorId: bob }, {}]);
    expect(await labels(reader, { member: ada })).toEqual(["entry 0"]);
  });

  test("the entries of a key by its id, and not of something else with that id", async () => {
    const [key, other] = [randomUUID(), randomUUID()];
    const { reader } = await teamWithLog([
      { targetId: key },
      { targetId: other },
      { targetId: key, targetType: "session" },
    ]);
    expect(await labels(reader, { key })).toEqual(["entry 0"]);
  });

  test("the entries of the keys whose name or prefix fits now, whatever they were called then", async () => {
    const { team, reader } = await teamWithLog([]);
    const mine = await createTestKey(reader, { name: "Zapier", tokenStart: "lk_pat_ab12", tokenLastFour: "9f3c" });
    const other = await createTestKey(reader, { name: "Grafana", tokenStart: "lk_pat_cd34", tokenLastFour: "0000" });
    await log(team, [{ targetId: mine.id }, { targetId: other.id }, { targetType: "session", targetId: mine.id }]);
    for (const key of ["zapier", "lk_pat_ab", "lk_pat_ab12…9f3c", "9f3c"]) {
      expect(await labels(reader, { key }), key).toEqual(["entry 0"]);
    }
    expect(await labels(reader, { key: "Slack" })).toEqual([]);
  });

  test("the entries about one kind of thing", async () => {
    const { reader } = await teamWithLog([
      { targetType: "role" },
      {},
      { targetType: "role" },
      { targetType: "member" },
    ]);
    expect(await labels(reader, { about: "role" })).toEqual(["entry 0", "entry 2"]);
    expect(await labels(reader, { about: "role", key: randomUUID() })).toEqual([]);
  });

  test("the days from and to, both of them whole", async () => {
    const { reader } = await teamWithLog([
      { at: "2020-03-09T23:59:59.999Z" },
      { at: "2020-03-10T00:00:00.000Z" },
      { at: "2020-03-11T12:00:00.000Z" },
      { at: "2020-03-12T23:59:59.999Z" },
      { at: "2020-03-13T00:00:00.000Z" },
    ]);
    expect(await labels(reader, { from: "2020-03-10", to: "2020-03-12" })).toEqual(["entry 1", "entry 2", "entry 3"]);
    expect(await labels(reader, { from: "2020-03-11", to: "2020-03-11" })).toEqual(["entry 2"]);
    expect(await labels(reader, { from: "2020-03-12" })).toEqual(["entry 3", "entry 4"]);
    expect(await labels(reader, { to: "2020-03-09" })).toEqual(["entry 0"]);
    expect(await labels(reader, { from: "2020-03-12", to: "2020-03-10" })).toEqual([]);
  });

  test("what fits all the filters together", async () => {
    const key = randomUUID();
    const { reader } = await teamWithLog([
      { targetId: key, action: "api_key.renamed" },
      { targetId: key, action: "api_key.revoked" },
      { action: "api_key.renamed" },
    ]);
    expect(await labels(reader, { key, action: "api_key.renamed", from: "2020-06-15" })).toEqual(["entry 0"]);
  });

  test("every entry exactly once, page by page and back, although they share their milliseconds", async () => {
    const entries = Array.from({ length: 120 }, (_, index) => ({
      at: `2020-01-01T00:00:00.00${Math.floor(index / 18)}Z`,
    }));
    const { team, reader } = await teamWithLog(entries);
    const all = await db.auditEntry.findMany({ where: { teamId: team.id, at: { lt: new Date("2021-01-01") } } });
    const expected = all.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
    const first = await list(reader, {});
    const second = await list(reader, { after: first.older });
    const third = await list(reader, { after: second.older });
    const shown = [first, second, third].map((page) => page.entries.map(({ id }) => id));
    expect(shown.flat()).toEqual(expected);
    const back = await list(reader, { before: third.newer });
    expect(back.entries.map(({ id }) => id)).toEqual(shown[1]);
  });

  test("the entries of a key although another team has hundreds of its name", async () => {
    const { team, reader } = await teamWithLog([]);
    const { id } = await createTestKey(reader, { name: "Zapier" });
    await log(team, [{ targetId: id }]);
    const { reader: stranger } = await teamWithLog([]);
    await createTestKeys(stranger, Array(201).fill({ name: "Zapier" }));
    expect(await labels(reader, { key: "Zapier" })).toEqual(["entry 0"]);
  });

  test("nothing of another team, whatever is asked for", async () => {
    const ada = randomUUID();
    const { team, reader: stranger } = await teamWithLog([]);
    const { id: key } = await createTestKey(stranger, { name: "Zapier" });
    await log(team, [{ targetId: key, actorId: ada, at: "2020-03-10T00:00:00.000Z" }]);
    const { reader } = await teamWithLog([]);
    for (const parameters of [
      {},
      { key },
      { key: "Zapier" },
      { member: ada },
      { from: "2020-03-10", to: "2020-03-10" },
    ]) {
      expect(await labels(reader, parameters)).toEqual([]);
    }
  });
});

describe("the log is forbidden without the permission to view it", () => {
  test("also to a Developer", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Developer" });
    await expectAppError(list(actor, {}), "forbidden");
    await expectAppError(listAuditMembers(actor), "forbidden");
  });
});

describe("a URL that says nonsense is read as nothing said", () => {
  test.each([
    { action: "drop table" },
    { action: ["api_key.created"] },
    { member: "1" },
    { about: "users" },
    { about: { not: "role" } },
    { member: { not: "" } },
    { key: "\0" },
    { from: "2020-02-30" },
    { from: "yesterday" },
    { to: ["2020-01-01"] },
    { from: { gte: "2020-01-01" } },
    { after: 1 },
    { from: "0000-01-01" },
    { to: "0000-01-01" },
  ])("%j", (parameters) => {
    expect(auditListSchema.parse(parameters)).toEqual(EMPTY);
  });

  test.each([{ from: "0001-01-01" }, { from: "9999-12-31" }, { to: "0001-01-01" }, { to: "9999-12-31" }])(
    "and a day at the edge of the calendar is no failure: %j",
    async (parameters) => {
      const { reader } = await teamWithLog([{}]);
      await expect(list(reader, parameters)).resolves.toBeDefined();
    },
  );
});

describe("beside the log", () => {
  test("members who were removed can still be chosen, other teams' can't", async () => {
    const team = await createTestTeam();
    const reader = await createTestMember(team, { permissions: ["audit.view"] });
    const gone = await createTestMember(team);
    await db.member.update({ where: { id: gone.memberId }, data: { removedAt: new Date() } });
    const stranger = await createTestMember(await createTestTeam());
    const ids = (await listAuditMembers(reader)).map(({ id }) => id);
    expect(ids).toContain(gone.userId);
    expect(ids).not.toContain(stranger.userId);
  });
});
