import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change-expiry";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { endOverlap } from "@/lib/api-keys/end-overlap";
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key";
import { rotateApiKey } from "@/lib/api-keys/rotate-api-key";
import { createApiKeySchema, rotateApiKeySchema } from "@/lib/api-keys/schemas";
import { hashToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  DAY_MS,
  inDays,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";

const EVENT = "event:01890a5d-ac96-774b-bcce-b302099a8057";
const HOUR_MS = DAY_MS / 24;
const codeOf = async (token: string) => (await decideAboutToken(token)).code;
const rowOf = (id: string) => db.apiKey.findUniqueOrThrow({ where: { id } });
const keysOf = (actor: Actor) => db.apiKey.findMany({ where: { teamId: actor.teamId }, orderBy: { createdAt: "asc" } });
const newKey = createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "90d" } });

describe("rotating a key", () => {
  test("makes a successor with the same configuration and a new token, and both tokens work", async () => {
    const actor = await createTestDeveloper();
    const made = {
      name: "Zapier",
      scopes: ["events.read", "contacts.write"],
      resource: EVENT,
      allowedIps: ["203.0.113.0/24"],
      createdAt: inDays(-60),
      expiresAt: inDays(30),
    };
    const { id, token } = await createTestKey(actor, made);
    const rotated = await rotateApiKey(actor, { id, overlap: "24h" });
    expect(rotated.token).toMatch(/^lk_pat_[0-9a-f]{72}$/);
    expect(rotated.key).toMatchObject({
      kind: "personal",
      name: "Zapier",
      scopes: made.scopes,
      resource: EVENT,
      allowedIps: made.allowedIps,
      owner: { id: actor.memberId },
      predecessorId: id,
      successorId: null,
      status: "active",
    });
    expect(rotated.droppedScopes).toEqual([]);
    const [old, successor] = [await rowOf(id), await rowOf(rotated.key.id)];
    expect(Buffer.from(successor.tokenHash)).toEqual(hashToken(rotated.token));
    expect(Buffer.from(old.tokenHash)).toEqual(hashToken(token));
    expect(successor.expiresAt?.getTime()).toBe(successor.createdAt.getTime() + 90 * DAY_MS);
    expect(old.expiresAt?.getTime()).toBe(successor.createdAt.getTime() + 24 * HOUR_MS);
    expect(rotated.predecessor).toMatchObject({ id, successorId: rotated.key.id, status: "active" });
  });

  test("lets both tokens in during the overlap", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const rotated = await rotateApiKey(actor, { id, overlap: "1h" });
    expect([await codeOf(token), await codeOf(rotated.token)]).toEqual(["valid", "valid"]);
  });

  test("without an overlap refuses the old token from the next request on", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const rotated = await rotateApiKey(actor, { id, overlap: "none" });
    expect([await codeOf(token), await codeOf(rotated.token)]).toEqual(["revoked", "valid"]);
    expect(rotated.predecessor.status).toBe("revoked");
  });

  test("never lets the old token live longer than it would have", async () => {
    const actor = await createTestDeveloper();
    const expiresAt = inDays(2);
    const { id } = await createTestKey(actor, { expiresAt });
    await rotateApiKey(actor, { id, overlap: "7d" });
    expect((await rowOf(id)).expiresAt).toEqual(expiresAt);
  });

  test("lets a successor never expire when the old key never did, and expire when it is told to", async () => {
    const actor = await createTestDeveloper();
    const first = await createTestKey(actor);
    expect((await rotateApiKey(actor, { id: first.id, overlap: "1h" })).key.expiresAt).toBeNull();
    const second = await createTestKey(actor);
    const at = inDays(7);
    const { key } = await rotateApiKey(actor, { id: second.id, overlap: "1h", expiry: { at } });
    expect(key.expiresAt).toBe(at.toISOString());
  });

  test("takes the team's overlap when none is named", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { defaultOverlap: "1h" });
    const { id } = await createTestKey(actor);
    const { key } = await rotateApiKey(actor, { id });
    expect((await rowOf(id)).expiresAt?.getTime()).toBe(Date.parse(key.createdAt) + HOUR_MS);
  });

  test("leaves one audit entry about each key, without a token in them", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor, { name: "Zapier" });
    const rotated = await rotateApiKey(actor, { id, overlap: "7d" });
    const [about] = await auditEntries(actor.teamId, "api_key.rotated");
    const [created] = await auditEntries(actor.teamId, "api_key.created");
    expect(about).toMatchObject({
      actorId: actor.userId,
      targetId: id,
      targetLabel: "Zapier",
      details: { kind: "personal", overlap: "7d", successor: rotated.key.id },
    });
    expect(created).toMatchObject({ targetId: rotated.key.id, details: { replaces: id } });
    const written = JSON.stringify(await db.auditEntry.findMany({ where: { teamId: actor.teamId } }), (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    for (const secret of [token, rotated.token]) expect(written).not.toContain(secret.slice(12));
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const before = await keysOf(actor);
    await expect(rotateApiKey({ ...actor, name: "Ada\0" }, { id, overlap: "none" })).rejects.toThrow();
    expect(await keysOf(actor)).toEqual(before);
  });
});

describe("at most one key replaces another", () => {
  test("a second rotation is a conflict that names the successor", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { name: "Zapier" });
    const { key } = await rotateApiKey(actor, { id, overlap: "24h" });
    const error = await expectAppError(rotateApiKey(actor, { id, overlap: "24h" }), "conflict");
    expect(error.message).toContain(`“Zapier” ${key.tokenStart}…${key.tokenLastFour}`);
    expect(await keysOf(actor)).toHaveLength(2);
  });

  test("of fifty rotations at once one makes a successor", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => rotateApiKey(actor, { id, overlap: "24h" })),
    );
    const codes = results.map((result) => (result.status === "fulfilled" ? "rotated" : result.reason.code));
    expect(codes.filter((code) => code === "rotated")).toHaveLength(1);
    // A machine that is too busy ends a few that waited too long, which is no second successor either.
    expect(codes.filter((code) => code === "conflict").length).toBeGreaterThan(0);
    expect(await keysOf(actor)).toHaveLength(2);
    expect(await auditEntries(actor.teamId, "api_key.rotated")).toHaveLength(1);
  });

  test("of a team key rotated by two members at once, too", async () => {
    const team = await createTestTeam();
    const [one, other] = [
      await createTestMember(team, { role: "Admin" }),
      await createTestMember(team, { role: "Admin" }),
    ];
    const { id } = await createTestKey(one, { kind: "team" });
    const results = await Promise.allSettled(
      [one, other, one, other].map((actor) => rotateApiKey(actor, { id, overlap: "1h" })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.apiKey.count({ where: { rotatedFromId: id } })).toBe(1);
  });

  test("rotated and revoked at once, it is one or the other or both, and never lives on unseen", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const [rotated, revoked] = await Promise.allSettled([
      rotateApiKey(actor, { id, overlap: "24h" }),
      revokeApiKey(actor, { id }),
    ]);
    expect(revoked.status).toBe("fulfilled");
    expect(await codeOf(token)).toBe("revoked");
    expect(await keysOf(actor)).toHaveLength(rotated.status === "fulfilled" ? 2 : 1);
  });
});

describe("who rotates", () => {
  test("a personal key: its member alone, for they are shown the token", async () => {
    const team = await createTestTeam();
    const { id } = await createTestKey(await createTestMember(team));
    for (const actor of [await createTestMember(team, { role: "Admin" }), await createTestMember(team)]) {
      await expectAppError(rotateApiKey(actor, { id, overlap: "1h" }), "not_found");
    }
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(1);
  });

  test("a team key: whoever manages team keys, and nobody of another team", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(admin, { kind: "team" });
    await expectAppError(rotateApiKey(await createTestMember(team), { id, overlap: "1h" }), "forbidden");
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    const error = await expectAppError(rotateApiKey(stranger, { id, overlap: "1h" }), "not_found");
    expect(error.message).toBe("There is no such API key.");
    const { token, key } = await rotateApiKey(admin, { id, overlap: "1h" });
    expect(token).toMatch(/^lk_key_/);
    expect(key).toMatchObject({ kind: "team", owner: null, responsible: { id: admin.memberId } });
  });

  test("not one who just lost the permission or the team", async () => {
    const team = await createTestTeam();
    const demoted = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] });
    const removed = await createTestMember(team);
    const keys = [await createTestKey(demoted), await createTestKey(removed)];
    await setRolePermissions(demoted, ["events.read"]);
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    await expectAppError(rotateApiKey(demoted, { id: keys[0]?.id ?? "", overlap: "1h" }), "forbidden");
    await expectAppError(rotateApiKey(removed, { id: keys[1]?.id ?? "", overlap: "1h" }), "forbidden");
  });

  test("and nobody gets more by it than they may give: scopes beyond their role are dropped, and named", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const manager = await createTestMember(team, { permissions: ["team.manage_keys", "events.read"] });
    const scopes = ["events.read", "events.write", "keys.verify"];
    const { id } = await createTestKey(admin, { kind: "team", scopes });
    const { key, droppedScopes, token } = await rotateApiKey(manager, { id, overlap: "1h" });
    expect(key.scopes).toEqual(["events.read", "keys.verify"]);
    expect(droppedScopes).toEqual(["events.write"]);
    expect(await decideAboutToken(token)).toEqual({ code: "valid", scopes: ["events.read", "keys.verify"] });
    const [entry] = await auditEntries(team.id, "api_key.rotated");
    expect(entry?.details).toMatchObject({ dropped_scopes: ["events.write"] });
  });

  test("and a key of which nothing would be left can't be rotated", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const { id } = await createTestKey(manager, { kind: "team", scopes: ["events.write"] });
    await expectAppError(rotateApiKey(manager, { id, overlap: "none" }), "forbidden");
    expect((await rowOf(id)).revokedAt).toBeNull();
  });
});

describe("a key that can't be rotated", () => {
  test.each([
    ["revoked", { revokedAt: inDays(-1) }],
    ["expired", { expiresAt: inDays(-1) }],
  ])("is one that is %s", async (status, dates) => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, dates);
    const error = await expectAppError(rotateApiKey(actor, { id, overlap: "24h" }), "conflict");
    expect(error.message).toContain(status);
  });

  test.each(["2h", "", "toString", 24, null, ["24h"]])("is any, with an overlap of %j", (overlap) => {
    const parsed = rotateApiKeySchema.safeParse({ id: EVENT.slice(6), overlap });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual(["overlap"]);
  });

  test.each(["name", "resource", "memberId", "kind"])("takes no %s along", (field) => {
    expect(rotateApiKeySchema.safeParse({ id: EVENT.slice(6), overlap: "1h", [field]: "x" }).success).toBe(false);
  });
});

describe("the quota", () => {
  const atLimit = async () => {
    const actor = await createTestDeveloper();
    const ids = await createTestKeys(
      actor,
      Array.from({ length: 10 }, () => ({})),
    );
    return { actor, id: ids[0] ?? "" };
  };

  test("lets a member with ten keys rotate one, and not make an eleventh in the meantime", async () => {
    const { actor, id } = await atLimit();
    await rotateApiKey(actor, { id, overlap: "7d" });
    await expectAppError(createApiKey(actor, newKey), "limit_reached");
  });

  test("isn't got round by rotating over and over", async () => {
    const { actor, id } = await atLimit();
    const { key } = await rotateApiKey(actor, { id, overlap: "7d" });
    const error = await expectAppError(rotateApiKey(actor, { id: key.id, overlap: "7d" }), "limit_reached");
    expect(error.message).toContain("10 is the most");
    expect((await rowOf(key.id)).expiresAt).toBeNull();
    await endOverlap(actor, { id });
    await rotateApiKey(actor, { id: key.id, overlap: "7d" });
    expect(await db.apiKey.count({ where: { memberId: actor.memberId, revokedAt: null } })).toBe(11);
  });

  test("isn't got round by revoking the successor", async () => {
    const { actor, id } = await atLimit();
    const { key } = await rotateApiKey(actor, { id, overlap: "7d" });
    await revokeApiKey(actor, { id: key.id });
    await expectAppError(createApiKey(actor, newKey), "limit_reached");
  });

  test("lets a member rotate who has more keys than a newer policy allows", async () => {
    const { actor, id } = await atLimit();
    await setTestPolicy(actor.teamId, { maxActiveKeys: 3 });
    await rotateApiKey(actor, { id, overlap: "24h" });
    const error = await expectAppError(createApiKey(actor, newKey), "limit_reached");
    expect(error.message).toContain("3 is the most");
  });

  test("holds against ten rotations and ten creations at once", async () => {
    const actor = await createTestDeveloper();
    const ids = await createTestKeys(
      actor,
      Array.from({ length: 8 }, () => ({})),
    );
    const results = await Promise.allSettled([
      ...ids.map((id) => rotateApiKey(actor, { id, overlap: "24h" })),
      ...Array.from({ length: 10 }, () => createApiKey(actor, newKey)),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(8 + 2);
    expect(await db.apiKey.count({ where: { memberId: actor.memberId, rotatedTo: { is: null } } })).toBe(10);
  });
});

describe("the policy at a rotation", () => {
  test("wins over the old lifetime: its own takes the place of one it doesn't allow", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { maxLifetimeDays: 30, mayNeverExpire: false, defaultLifetime: "2w" });
    for (const expiresAt of [null, inDays(300)]) {
      const { id } = await createTestKey(actor, { expiresAt });
      const { key } = await rotateApiKey(actor, { id, overlap: "1h" });
      expect(Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)).toBe(14 * DAY_MS);
    }
  });

  test("refuses an expiry that it doesn't allow, at its field", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { maxLifetimeDays: 30 });
    const { id } = await createTestKey(actor);
    const error = await expectAppError(rotateApiKey(actor, { id, overlap: "1h", expiry: { in: "1y" } }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["expiry"]);
    expect((await rowOf(id)).expiresAt).toBeNull();
  });

  test("drops scopes that it leaves no member, and refuses a key without the addresses it wants", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { limitsScopes: true, memberScopes: ["events.read"] });
    const first = await createTestKey(actor, { scopes: ["events.read", "events.write"] });
    expect((await rotateApiKey(actor, { id: first.id, overlap: "1h" })).droppedScopes).toEqual(["events.write"]);
    await setTestPolicy(actor.teamId, { requiresIps: true });
    const second = await createTestKey(actor);
    const error = await expectAppError(rotateApiKey(actor, { id: second.id, overlap: "1h" }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["allowedIps"]);
  });
});

describe("during the overlap", () => {
  test("ending it refuses the old token from the next request on, and says so in the audit log", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const rotated = await rotateApiKey(actor, { id, overlap: "24h" });
    expect(await endOverlap(actor, { id })).toMatchObject({ id, status: "revoked", successorId: rotated.key.id });
    expect([await codeOf(token), await codeOf(rotated.token)]).toEqual(["revoked", "valid"]);
    expect(await auditEntries(actor.teamId, "api_key.overlap_ended")).toMatchObject([
      { targetId: id, details: { successor: rotated.key.id } },
    ]);
    await expectAppError(endOverlap(actor, { id }), "conflict");
  });

  test("there is nothing to end for a key without a successor, of others, or of other teams", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team);
    const { id } = await createTestKey(actor);
    await expectAppError(endOverlap(actor, { id }), "conflict");
    const colleague = await createTestMember(team);
    const stranger = await createTestDeveloper();
    for (const owner of [colleague, stranger]) {
      const key = await createTestKey(owner);
      await rotateApiKey(owner, { id: key.id, overlap: "24h" });
      await expectAppError(endOverlap(actor, { id: key.id }), "not_found");
    }
  });

  test("the old key's expiry can't be moved, so that no overlap is stretched", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    await rotateApiKey(actor, { id, overlap: "1h" });
    const before = await rowOf(id);
    await expectAppError(changeExpiry(actor, { id, expiry: { in: "1y" } }), "conflict");
    expect(await rowOf(id)).toEqual(before);
  });

  test("the successor can be rotated itself, and each key has one successor", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const second = await rotateApiKey(actor, { id, overlap: "24h" });
    const third = await rotateApiKey(actor, { id: second.key.id, overlap: "24h" });
    expect(third.key.predecessorId).toBe(second.key.id);
    expect((await rowOf(id)).expiresAt).not.toBeNull();
  });
});
