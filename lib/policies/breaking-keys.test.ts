import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { listKeysThatBreakPolicy } from "@/lib/policies/list-keys-that-break-policy";
import { previewPolicy } from "@/lib/policies/preview-policy";
import { DEFAULT_POLICY, policyBreaches, type TeamPolicy } from "@/lib/policies/team-policy";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  DAY_MS,
  inDays,
} from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";

const DEFAULTS = { ...DEFAULT_POLICY, memberScopes: null };
const NO_ETERNITY = { ...DEFAULTS, mayNeverExpire: false };

async function teamWithAdmin() {
  const team = await createTestTeam();
  return { team, actor: await createTestMember(team, { role: "Admin" }) };
}

describe("keys that break a policy", () => {
  test("are those of which policyBreaches says so, for every mix of rules and keys", async () => {
    const { actor } = await teamWithAdmin();
    const createdAt = new Date(Date.now() - 5 * DAY_MS);
    const lives = (ms: number) => new Date(createdAt.getTime() + ms);
    const aMonth = 30 * DAY_MS + DAY_MS + 60_000;
    const keys = [null, lives(10 * DAY_MS), lives(aMonth), lives(aMonth + 1), lives(400 * DAY_MS)].flatMap(
      (expiresAt) =>
        [[], ["192.0.2.0/24"]].flatMap((allowedIps) =>
          [["events.read"], ["events.read", "events.write"]].flatMap((scopes) =>
            (["personal", "team"] as const).map((kind) => ({ kind, scopes, allowedIps, createdAt, expiresAt })),
          ),
        ),
    );
    const ids = await createTestKeys(actor, keys);
    const rules: TeamPolicy[] = [null, 30].flatMap((maxLifetimeDays) =>
      [true, false].flatMap((mayNeverExpire) =>
        [true, false].flatMap((requiresIps) =>
          [null, [], ["events.read"]].map((memberScopes) => ({
            ...{ ...DEFAULT_POLICY, maxLifetimeDays, mayNeverExpire, requiresIps, memberScopes },
            defaultLifetime: "2w" as const,
          })),
        ),
      ),
    );
    for (const policy of rules) {
      await ownerDb.teamPolicy.deleteMany({ where: { teamId: actor.teamId } });
      const { memberScopes, ...rest } = policy;
      await db.teamPolicy.create({
        data: {
          ...rest,
          teamId: actor.teamId,
          limitsScopes: memberScopes !== null,
          memberScopes: [...(memberScopes ?? [])],
        },
      });
      const expected = ids.filter((_, index) => {
        const key = keys[index];
        return key && Object.keys(policyBreaches(policy, key)).length > 0;
      });
      const found = await listKeysThatBreakPolicy(actor, { limit: 100 });
      expect(found.keys.map(({ id }) => id).sort(), JSON.stringify(policy)).toEqual(expected.sort());
      expect(found.total).toBe(expected.length);
      for (const { breaches } of found.keys) expect(breaches.length).toBeGreaterThan(0);
    }
  });

  test("are the team's active ones: no dead key, none of a removed member, none of another team", async () => {
    const { team, actor } = await teamWithAdmin();
    await createTestKey(actor, { expiresAt: null, revokedAt: new Date() });
    await createTestKey(actor, { expiresAt: inDays(-1) });
    const removed = await createTestMember(team);
    await createTestKey(removed, { expiresAt: null });
    await createTestKey(removed, { expiresAt: null, kind: "team", name: "Still there" });
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    const { actor: stranger } = await teamWithAdmin();
    await createTestKey(stranger, { expiresAt: null });
    const { total, keys } = await previewPolicy(actor, NO_ETERNITY);
    expect(total).toBe(1);
    expect(keys).toMatchObject([{ name: "Still there", kind: "team", owner: null, breaches: ["never expires"] }]);
  });

  test("are all counted, the newest fifty shown", async () => {
    const { actor } = await teamWithAdmin();
    const ids = await createTestKeys(
      actor,
      Array.from({ length: 60 }, (_, index) => ({ expiresAt: null, createdAt: new Date(Date.now() - index * 1000) })),
    );
    const { total, keys } = await previewPolicy(actor, NO_ETERNITY);
    expect(total).toBe(60);
    expect(keys.map(({ id }) => id)).toEqual(ids.slice(0, 50));
  });

  test("are shown with their owner and what breaks it, and with nothing of their token but its ends", async () => {
    const { actor } = await teamWithAdmin();
    const { id, token } = await createTestKey(actor, { scopes: ["events.write"], expiresAt: inDays(400) });
    const policy = { ...NO_ETERNITY, maxLifetimeDays: 90, requiresIps: true, memberScopes: ["events.read"] };
    const { keys } = await previewPolicy(actor, policy);
    expect(keys).toMatchObject([
      {
        id,
        kind: "personal",
        owner: actor.name,
        breaches: ["has a lifetime of 400 days", "allows any IP address", "has events.write"],
      },
    ]);
    expect(JSON.stringify(keys)).not.toContain(token.slice(12, 60));
  });

  test("can be listed by who manages policies or team keys, and by nobody else", async () => {
    const team = await createTestTeam();
    for (const permission of ["team.manage_policies", "team.manage_keys"]) {
      const actor = await createTestMember(team, { permissions: [permission] });
      expect(await listKeysThatBreakPolicy(actor, { limit: 5 })).toEqual({ total: 0, keys: [] });
    }
    const developer = await createTestMember(team, { role: "Developer" });
    await expectAppError(listKeysThatBreakPolicy(developer, { limit: 5 }), "forbidden");
  });
});

test("members with more active keys than a policy allows are counted, their team keys and dead ones not", async () => {
  const { team, actor } = await teamWithAdmin();
  const holders = [await createTestMember(team), await createTestMember(team), await createTestMember(team)];
  const [many, few, dead] = holders as [typeof actor, typeof actor, typeof actor];
  await createTestKeys(many, Array(3).fill({}));
  await createTestKeys(few, [{}, {}, { kind: "team" }]);
  await createTestKeys(dead, [{}, {}, { revokedAt: new Date() }, { expiresAt: inDays(-1) }]);
  expect((await previewPolicy(actor, { ...DEFAULTS, maxActiveKeys: 2 })).membersBeyond).toBe(1);
  expect((await previewPolicy(actor, { ...DEFAULTS, maxActiveKeys: 3 })).membersBeyond).toBe(0);
});
