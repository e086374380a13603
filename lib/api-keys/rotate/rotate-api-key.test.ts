import { describe, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { rotateApiKey, rotateApiKeySchema } from "@/lib/api-keys/rotate/rotate-api-key";
import { hashToken } from "@/lib/api-keys/token";
import { describeDetails } from "@/lib/audit/describe-details";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  DAY_MS,
  inDays,
} from "@/lib/testing/fixtures";
import { codeOf, rowOf } from "@/lib/testing/key-state";
import { setTestPolicy } from "@/lib/testing/set-policy";

const EVENT = "event:01890a5d-ac96-774b-bcce-b302099a8057";
const HOUR_MS = DAY_MS / 24;
const keysOf = (actor: Actor) => db.apiKey.findMany({ where: { teamId: actor.teamId }, orderBy: { createdAt: "asc" } });

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

  test("writes one audit entry per key, without a token", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor, { name: "Zapier" });
    const rotated = await rotateApiKey(actor, { id, overlap: "7d" });
    const called = (secret: string) => `“Zapier” ${secret.slice(0, 11)}…${secret.slice(-4)}`;
    const [about] = await auditEntries(actor.teamId, "api_key.rotated");
    const [created] = await auditEntries(actor.teamId, "api_key.created");
    expect(about).toMatchObject({
      actorId: actor.userId,
      targetId: id,
      targetLabel: "Zapier",
      details: { kind: "personal", overlap: "7d", successor: rotated.key.id, successor_label: called(rotated.token) },
    });
    expect(created).toMatchObject({
      targetId: rotated.key.id,
      details: { replaces: id, replaces_label: called(token) },
    });
    expect(describeDetails(about?.details)).toContain(`replaced by: ${called(rotated.token)}`);
    expect(describeDetails(created?.details)).toContain(`replaces: ${called(token)}`);
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
    expect(results.map((result) => (result.status === "fulfilled" ? "made" : result.reason.code)).sort()).toEqual([
      ...Array(3).fill("conflict"),
      "made",
    ]);
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
