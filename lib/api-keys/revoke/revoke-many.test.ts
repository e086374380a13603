import { describe, expect, test } from "vitest";
import { apiKeyIdsSchema } from "@/lib/api-keys/revoke/bulk-schemas";
import { previewRevocation } from "@/lib/api-keys/revoke/preview-revocation";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { revokeMany } from "@/lib/api-keys/revoke/revoke-many";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
  setRolePermissions,
} from "@/lib/testing/fixtures";

const areRevoked = async (ids: string[]) =>
  (await db.apiKey.findMany({ where: { id: { in: ids } } })).map(({ revokedAt }) => revokedAt !== null);
const createActive = (actor: Actor, count: number) =>
  createTestKeys(
    actor,
    Array.from({ length: count }, (_, n) => ({ name: `Key ${n}` })),
  );

describe("revoking many keys", () => {
  test("ends each at its next request, with an entry each that shares the batch", async () => {
    const actor = await createTestDeveloper();
    const keys = [await createTestKey(actor, { name: "A" }), await createTestKey(actor, { name: "B" })];
    const ids = keys.map(({ id }) => id);
    const result = await revokeMany(actor, { ids });
    expect(result.revoked.toSorted()).toEqual(ids.toSorted());
    expect(result.skipped).toEqual([]);
    for (const { token } of keys) expect(await decideAboutToken(token)).toEqual({ code: "revoked" });
    const entries = await auditEntries(actor.teamId, "api_key.revoked");
    expect(entries.map(({ targetLabel }) => targetLabel).sort()).toEqual(["A", "B"]);
    const batches = new Set(entries.map(({ details }) => (details as { batch: string }).batch));
    expect([...batches]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  test("records of each key what revoking it alone does", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const colleague = await createTestMember(team);
    const detailsOf = async (revoke: (ids: string[]) => Promise<unknown>) => {
      const own = await createTestKey(admin, { name: "Own" });
      const others = await createTestKey(colleague, { name: "Other's" });
      const teams = await createTestKey(admin, { name: "Team's", kind: "team" });
      const ids = [own.id, others.id, teams.id];
      for (const id of ids) await recordTestUse(id, new Date("2026-05-01T10:00:00.000Z"));
      await revoke(ids);
      const entries = await auditEntries(team.id, "api_key.revoked");
      return ids.map((id) => entries.find(({ targetId }) => targetId === id)?.details as { batch?: string });
    };
    const alone = await detailsOf(async (ids) => {
      for (const id of ids) await revokeApiKey(admin, { id });
    });
    const together = await detailsOf((ids) => revokeMany(admin, { ids }));
    expect(together.map(({ batch: _, ...details }) => details)).toEqual(alone);
    expect(alone[1]).toEqual({ kind: "personal", last_used_at: "2026-05-01T10:00:00.000Z", owner: colleague.name });
  });

  test("leaves revoked and expired keys unchanged and reports them", async () => {
    const actor = await createTestDeveloper();
    const revokedAt = inDays(-3);
    const alive = await createTestKey(actor, { name: "Alive" });
    const dead = await createTestKey(actor, { name: "Dead", revokedAt });
    const expired = await createTestKey(actor, { name: "Expired", expiresAt: inDays(-1) });
    const result = await revokeMany(actor, { ids: [alive.id, dead.id, expired.id] });
    expect(result.revoked).toEqual([alive.id]);
    expect(result.skipped.map(({ label, status }) => `${label}: ${status}`).sort()).toEqual([
      "Dead: revoked",
      "Expired: expired",
    ]);
    expect((await db.apiKey.findUniqueOrThrow({ where: { id: dead.id } })).revokedAt).toEqual(revokedAt);
    expect(await auditEntries(actor.teamId, "api_key.revoked")).toHaveLength(1);
  });

  test("doesn't happen when an entry can't be written", async () => {
    const actor = await createTestDeveloper();
    const ids = await createActive(actor, 3);
    await expect(revokeMany({ ...actor, name: "Ada\0" }, { ids })).rejects.toThrow();
    expect(await areRevoked(ids)).toEqual([false, false, false]);
  });

  test("in overlapping batches and one by one at once revokes each key once", async () => {
    const actor = await createTestDeveloper();
    const ids = await createActive(actor, 12);
    const results = await Promise.all([
      revokeMany(actor, { ids: ids.slice(0, 8) }),
      revokeMany(actor, { ids: ids.slice(4).reverse() }),
      revokeApiKey(actor, { id: ids[6] ?? "" }).then(
        ({ id }) => ({ revoked: [id] }),
        () => ({ revoked: [] }),
      ),
    ]);
    const revoked = results.flatMap((result) => result.revoked);
    expect(revoked.toSorted()).toEqual(ids.toSorted());
    const entries = await auditEntries(actor.teamId, "api_key.revoked");
    expect(entries.map(({ targetId }) => targetId).sort()).toEqual(ids.toSorted());
  });
});

test("revoked by two members at once, each key is revoked once", async () => {
  const team = await createTestTeam();
  const [one, other] = [
    await createTestMember(team, { role: "Admin" }),
    await createTestMember(team, { role: "Admin" }),
  ];
  const ids = await createActive(await createTestMember(team), 12);
  const results = await Promise.all([
    revokeMany(one, { ids: ids.slice(0, 8) }),
    revokeMany(other, { ids: ids.slice(4).reverse() }),
  ]);
  expect(results.flatMap(({ revoked }) => revoked).toSorted()).toEqual(ids.toSorted());
  expect(results.flatMap(({ skipped }) => skipped)).toHaveLength(4);
  const entries = await auditEntries(team.id, "api_key.revoked");
  expect(entries.map(({ targetId }) => targetId).sort()).toEqual(ids.toSorted());
});

describe("all or nothing:", () => {
  test("with another team's, an unknown or a colleague's personal key among them, none is revoked", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: ["developer.manage_tokens", "team.manage_keys"] });
    const own = await createActive(actor, 2);
    const strange = [
      await createTestKey(await createTestDeveloper()),
      await createTestKey(await createTestMember(team)),
      { id: crypto.randomUUID() },
    ];
    for (const { id } of strange) {
      const ids = [...own, id];
      await expectAppError(previewRevocation(actor, { ids }), "not_found");
      await expectAppError(revokeMany(actor, { ids }), "not_found");
      expect(await areRevoked(own)).toEqual([false, false]);
    }
    expect(await auditEntries(team.id, "api_key.revoked")).toEqual([]);
  });

  test("with a key of another team among them, none is revoked, nor shown, not even by who may revoke any of their own", async () => {
    const admin = await createTestMember(await createTestTeam(), { role: "Admin" });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    const [own] = await createActive(admin, 1);
    for (const kind of ["personal", "team"] as const) {
      const strange = await createTestKey(stranger, { kind });
      const ids = [own ?? "", strange.id];
      await expectAppError(previewRevocation(admin, { ids }), "not_found");
      await expectAppError(revokeMany(admin, { ids }), "not_found");
      expect(await areRevoked(ids)).toEqual([false, false]);
    }
    for (const { teamId } of [admin, stranger]) expect(await auditEntries(teamId, "api_key.revoked")).toEqual([]);
  });

  test("with a key among them that its member just lost the permission for, none is revoked", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, {
      permissions: ["developer.manage_tokens", "team.manage_keys", "team.manage_members"],
    });
    const own = await createTestKey(actor);
    const others = [await createTestKey(actor, { kind: "team" }), await createTestKey(await createTestMember(team))];
    await setRolePermissions(actor, ["developer.manage_tokens"]);
    for (const { id } of others) {
      await expect(revokeMany(actor, { ids: [own.id, id] })).rejects.toMatchObject({
        code: expect.stringMatching(/^(forbidden|not_found)$/),
      });
      expect(await areRevoked([own.id, id])).toEqual([false, false]);
    }
  });

  test("with a team key among them and no permission for it, none is revoked", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Developer" });
    const own = await createTestKey(actor);
    const gateway = await createTestKey(actor, { kind: "team" });
    const ids = [own.id, gateway.id];
    for (const wanted of [ids, [own.id, crypto.randomUUID()]]) {
      await expectAppError(previewRevocation(actor, { ids: wanted }), "not_found");
      await expectAppError(revokeMany(actor, { ids: wanted }), "not_found");
    }
    expect(await areRevoked(ids)).toEqual([false, false]);
  });

  test("the permission to manage members allows revoking others' personal keys, but not team keys", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
    const other = await createTestMember(team);
    const ids = await createActive(other, 2);
    const gateway = await createTestKey(other, { kind: "team" });
    await expectAppError(revokeMany(manager, { ids: [...ids, gateway.id] }), "not_found");
    expect(await areRevoked(ids)).toEqual([false, false]);
    expect((await revokeMany(manager, { ids })).revoked).toHaveLength(2);
  });

  test("it is forbidden without any permission, also to one who just lost it", async () => {
    const team = await createTestTeam();
    const viewer = await createTestMember(team, { role: "Viewer" });
    const demoted = await createTestMember(team, { permissions: ["developer.manage_tokens"] });
    await setRolePermissions(demoted, []);
    for (const actor of [viewer, demoted]) {
      const ids = await createActive(actor, 1);
      await expectAppError(revokeMany(actor, { ids }), "forbidden");
      expect(await areRevoked(ids)).toEqual([false]);
    }
  });
});

test("the preview contains the last use and today's calls, the busiest first, and changes nothing", async () => {
  const actor = await createTestDeveloper();
  const idle = await createTestKey(actor, { name: null });
  const busy = await createTestKey(actor, { name: "Busy" });
  const now = new Date();
  await recordTestUse(busy.id, now);
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const hours = [
    { hour: midnight, code: "valid", calls: 40 },
    { hour: midnight, code: "revoked", calls: 7 },
    { hour: new Date(midnight.getTime() - 3_600_000), code: "valid", calls: 900 },
  ];
  await db.apiKeyHour.createMany({ data: hours.map((hour) => ({ ...hour, keyId: busy.id, lastAt: hour.hour })) });
  const preview = await previewRevocation(actor, { ids: [idle.id, busy.id] });
  expect(preview).toMatchObject([
    { id: busy.id, label: "Busy", callsToday: 41, lastUsedAt: now.toISOString(), status: "active" },
    { id: idle.id, callsToday: 0, lastUsedAt: null },
  ]);
  expect(preview[1]?.label).toBe(preview[1]?.prefix);
  expect(await areRevoked([idle.id, busy.id])).toEqual([false, false]);
});

test("what the preview calls active is what is revoked, and what it calls dead is what is left", async () => {
  const actor = await createTestDeveloper();
  const states = [{}, { revokedAt: inDays(-3) }, { expiresAt: inDays(-1) }, { expiresAt: inDays(1) }];
  const ids = await createTestKeys(actor, states);
  const preview = await previewRevocation(actor, { ids });
  const { revoked, skipped } = await revokeMany(actor, { ids });
  const shown = (isActive: boolean) =>
    preview.filter(({ status }) => (status === "active") === isActive).map(({ id, status }) => `${id} ${status}`);
  expect(revoked.map((id) => `${id} active`).toSorted()).toEqual(shown(true).toSorted());
  expect(skipped.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(shown(false).toSorted());
  expect([revoked.length, skipped.length]).toEqual([2, 2]);
});

test.each([
  ["no key", []],
  ["201 keys", Array.from({ length: 201 }, () => crypto.randomUUID())],
  ["no id", ["1"]],
  ["an object", [{ in: [] }]],
])("a batch of %s is refused", (_, ids) => {
  expect(apiKeyIdsSchema.safeParse({ ids }).success).toBe(false);
});

test("a key that is named twice is one key", () => {
  const id = crypto.randomUUID();
  expect(apiKeyIdsSchema.parse({ ids: [id, id] }).ids).toEqual([id]);
});
