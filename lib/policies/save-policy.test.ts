import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { previewPolicy } from "@/lib/policies/preview-policy";
import { readTeamPolicy } from "@/lib/policies/read-team-policy";
import { savePolicy } from "@/lib/policies/save-policy";
import { type PolicyInput, policySchema, savePolicySchema } from "@/lib/policies/schemas";
import { DEFAULT_POLICY, readPolicy } from "@/lib/policies/team-policy";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const DEFAULTS: PolicyInput = { ...DEFAULT_POLICY, memberScopes: null };
const STRICT: PolicyInput = {
  defaultLifetime: "1m",
  maxLifetimeDays: 60,
  mayNeverExpire: false,
  requiresIps: true,
  maxActiveKeys: 3,
  defaultOverlap: "1h",
  memberScopes: ["events.read"],
};

const manager = async () => createTestMember(await createTestTeam(), { permissions: ["team.manage_policies"] });
const save = (actor: Actor, change: Partial<PolicyInput>, seen: string | null = null) =>
  savePolicy(actor, { ...DEFAULTS, ...change, seen });

describe("a saved policy", () => {
  test("is the team's from then on, with an entry that names what changed, before and after", async () => {
    const actor = await manager();
    expect(await readTeamPolicy(actor)).toEqual({ policy: DEFAULTS, changedAt: null });
    const { changedAt } = await save(actor, STRICT);
    expect(await readTeamPolicy(actor)).toEqual({ policy: STRICT, changedAt });
    expect(await readPolicy(db, actor.teamId)).toEqual(STRICT);
    await save(actor, { ...STRICT, maxLifetimeDays: 30, defaultLifetime: "2w" }, changedAt);
    const entries = await auditEntries(actor.teamId, "policy.changed");
    expect(entries.map(({ details }) => details)).toEqual([
      {
        from: {
          default_lifetime: "90d",
          max_lifetime_days: null,
          may_never_expire: true,
          requires_ips: false,
          max_active_keys: 10,
          default_overlap: "24h",
          member_scopes: null,
        },
        to: {
          default_lifetime: "1m",
          max_lifetime_days: 60,
          may_never_expire: false,
          requires_ips: true,
          max_active_keys: 3,
          default_overlap: "1h",
          member_scopes: ["events.read"],
        },
      },
      {
        from: { max_lifetime_days: 60, default_lifetime: "1m" },
        to: { max_lifetime_days: 30, default_lifetime: "2w" },
      },
    ]);
    expect(entries[0]).toMatchObject({ actorId: actor.userId, targetType: "policy", targetId: actor.teamId });
  });

  test("can go back to the defaults, and tells “no scope” from “any scope”", async () => {
    const actor = await manager();
    const first = await save(actor, { memberScopes: [] });
    expect((await readPolicy(db, actor.teamId)).memberScopes).toEqual([]);
    await save(actor, {}, first.changedAt);
    expect(await readPolicy(db, actor.teamId)).toEqual(DEFAULT_POLICY);
  });

  test("as it was leaves no entry, and keys made since keep their place before it", async () => {
    const actor = await manager();
    const { changedAt } = await save(actor, STRICT);
    expect(await save(actor, STRICT, changedAt)).toEqual({ changedAt });
    expect(await auditEntries(actor.teamId, "policy.changed")).toHaveLength(1);
  });

  test("that says what counts without one is not saved", async () => {
    const actor = await manager();
    expect(await save(actor, {})).toEqual({ changedAt: null });
    expect(await db.teamPolicy.count({ where: { teamId: actor.teamId } })).toBe(0);
    expect(await auditEntries(actor.teamId, "policy.changed")).toEqual([]);
  });

  test("leaves the keys that break it as they are", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(actor, { scopes: ["events.write"] });
    const before = await db.apiKey.findUniqueOrThrow({ where: { id } });
    await save(actor, STRICT);
    expect(await db.apiKey.findUniqueOrThrow({ where: { id } })).toEqual(before);
  });

  test("isn't saved when its entry can't be written", async () => {
    const actor = await manager();
    await expect(save({ ...actor, name: "\0" }, STRICT)).rejects.toThrow();
    expect(await db.teamPolicy.count({ where: { teamId: actor.teamId } })).toBe(0);
  });

  test("concerns no other team", async () => {
    const [actor, stranger] = [await manager(), await manager()];
    await save(actor, STRICT);
    expect(await readTeamPolicy(stranger)).toEqual({ policy: DEFAULTS, changedAt: null });
  });
});

describe("of two who save at once", () => {
  test("the second is told, whether it is the team's first policy or a later one", async () => {
    const actor = await manager();
    const { roleId } = await db.member.findUniqueOrThrow({ where: { id: actor.memberId } });
    const second = await createTestMember({ id: actor.teamId, slug: "" }, { permissions: ["team.manage_policies"] });
    expect(roleId).toBeDefined();
    const first = await Promise.allSettled([save(actor, STRICT), save(second, { maxActiveKeys: 5 })]);
    const { changedAt } = await readTeamPolicy(actor);
    const later = await Promise.allSettled([
      save(actor, { maxActiveKeys: 6 }, changedAt),
      save(second, { maxActiveKeys: 7 }, changedAt),
    ]);
    for (const both of [first, later]) {
      const refused = both.filter((each) => each.status === "rejected");
      expect(refused.map(({ reason }) => reason.code)).toEqual(["conflict"]);
    }
    expect(await auditEntries(actor.teamId, "policy.changed")).toHaveLength(2);
  });
});

describe("a policy is refused", () => {
  test("without the permission, also as it is now", async () => {
    const developer = await createTestMember(await createTestTeam(), { role: "Developer" });
    await expectAppError(save(developer, STRICT), "forbidden");
    await expectAppError(previewPolicy(developer, STRICT), "forbidden");
    await expectAppError(readTeamPolicy(developer), "forbidden");
    const actor = await manager();
    await db.role.updateMany({ where: { members: { some: { id: actor.memberId } } }, data: { permissions: [] } });
    await expectAppError(save(actor, STRICT), "forbidden");
  });

  test.each<[string, Partial<PolicyInput>, string]>([
    ["with a longest lifetime and keys that live for ever", { maxLifetimeDays: 90 }, "mayNeverExpire"],
    ["that offers first what it forbids", { maxLifetimeDays: 30, mayNeverExpire: false }, "defaultLifetime"],
    ["that offers “never” and forbids it", { defaultLifetime: "never", mayNeverExpire: false }, "defaultLifetime"],
    ["with a scope that doesn't exist", { memberScopes: ["no.such"] }, "memberScopes"],
    ["with a scope that only team keys have", { memberScopes: ["keys.verify"] }, "memberScopes"],
  ])("%s, by the field at fault, before it is counted and before it is saved", async (_, change, field) => {
    const actor = await manager();
    for (const attempt of [save(actor, change), previewPolicy(actor, { ...DEFAULTS, ...change })]) {
      const { fields } = await expectAppError(attempt, "invalid");
      expect(Object.keys(fields)).toContain(field);
    }
  });

  test.each([
    { maxLifetimeDays: 0 },
    { maxLifetimeDays: 3651 },
    { maxLifetimeDays: 1.5 },
    { maxLifetimeDays: "30" },
    { maxActiveKeys: 0 },
    { maxActiveKeys: 1001 },
    { maxActiveKeys: Number.NaN },
    { maxActiveKeys: null },
    { defaultLifetime: "2y" },
    { defaultOverlap: "1y" },
    { mayNeverExpire: "yes" },
    { memberScopes: "events.read" },
    { memberScopes: [{ has: "" }] },
    { teamId: "1" },
  ])("that is no policy: %j", (change) => {
    expect(policySchema.safeParse({ ...DEFAULTS, ...change }).success).toBe(false);
    expect(savePolicySchema.safeParse({ ...DEFAULTS, seen: null, ...change }).success).toBe(false);
  });
});
