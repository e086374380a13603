import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
} from "@/lib/testing/fixtures";
import { codeOf, rowOf } from "@/lib/testing/key-state";

describe("during the overlap", () => {
  test("ending it refuses the old token from the next request on, and is in the audit log", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const rotated = await rotateApiKey(actor, { id, overlap: "24h" });
    expect(await endOverlap(actor, { id })).toMatchObject({ id, status: "revoked", successorId: rotated.key.id });
    expect([await codeOf(token), await codeOf(rotated.token)]).toEqual(["revoked", "valid"]);
    expect(await auditEntries(actor.teamId, "api_key.overlap_ended")).toMatchObject([
      {
        targetId: id,
        details: {
          successor: rotated.key.id,
          successor_label: `“Test key” ${rotated.token.slice(0, 11)}…${rotated.token.slice(-4)}`,
        },
      },
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
