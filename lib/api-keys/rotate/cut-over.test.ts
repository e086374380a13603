import { describe, expect, test } from "vitest";
import { readCutOver } from "@/lib/api-keys/rotate/cut-over";
import { cutOverVerdict } from "@/lib/api-keys/rotate/cut-over-verdict";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  DAY_MS,
  recordTestUse,
} from "@/lib/testing/fixtures";

const HOUR_MS = DAY_MS / 24;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const hourOf = (at: Date) => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);

/** A key in its overlap, and the one that replaces it. */
async function rotated(actor: Actor, kind: "personal" | "team" = "personal") {
  const { id } = await createTestKey(actor, { kind });
  const { key } = await rotateApiKey(actor, { id, overlap: "24h" });
  return { oldId: id, newId: key.id };
}

async function callFrom(keyId: string, ip: string, at: Date, calls: number) {
  const row = { userAgent: "curl/8", firstAt: at, lastAt: at, hour: hourOf(at), calls };
  await db.apiKeyAddress.create({ data: { keyId, ip, ...row } });
}

describe("the cut-over meter", () => {
  test("reads both keys of a rotation, by the id of either", async () => {
    const actor = await createTestDeveloper();
    const { oldId, newId } = await rotated(actor);
    const now = new Date();
    await recordTestUse(oldId, now);
    await callFrom(oldId, "203.0.113.7", now, 12);
    await callFrom(oldId, "203.0.113.8", minutesAgo(200), 5);
    for (const id of [oldId, newId]) {
      expect(await readCutOver(actor, id)).toMatchObject({
        verdict: "in_use",
        mayEnd: true,
        old: {
          id: oldId,
          callsThisHour: 1,
          addresses: [
            { ip: "203.0.113.7", userAgent: "curl/8", callsThisHour: 12 },
            { ip: "203.0.113.8", callsThisHour: 0 },
          ],
        },
        successor: { id: newId, callsThisHour: 0, lastUsedAt: null, addresses: [] },
      });
    }
  });

  test("finds the hour before where it stands, before and after a call of this hour has moved it", async () => {
    const actor = await createTestDeveloper();
    const { oldId } = await rotated(actor);
    const before = new Date(hourOf(new Date()).getTime() - 1_000);
    await recordTestUse(oldId, before);
    await db.apiKeyUsage.update({ where: { keyId: oldId }, data: { calls: 9 } });
    expect((await readCutOver(actor, oldId))?.old).toMatchObject({ callsThisHour: 0, callsHourBefore: 9 });
    const now = new Date();
    await db.apiKeyUsage.update({ where: { keyId: oldId }, data: { hour: hourOf(now), lastUsedAt: now, calls: 2 } });
    expect((await readCutOver(actor, oldId))?.old).toMatchObject({ callsThisHour: 2, callsHourBefore: 9 });
  });

  test("reads nothing where no rotation is under way", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    expect(await readCutOver(actor, id)).toBeNull();
    const { oldId, newId } = await rotated(actor);
    await endOverlap(actor, { id: oldId });
    for (const each of [oldId, newId]) expect(await readCutOver(actor, each)).toBeNull();
  });

  test("is for who manages the key; who may only revoke it sees it without the button", async () => {
    const team = await createTestTeam();
    const owner = await createTestMember(team);
    const { oldId } = await rotated(owner);
    expect((await readCutOver(await createTestMember(team, { role: "Admin" }), oldId))?.mayEnd).toBe(false);
    await expectAppError(readCutOver(await createTestMember(team), oldId), "not_found");
    await expectAppError(readCutOver(await createTestMember(team, { role: "Viewer" }), oldId), "forbidden");
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    await expectAppError(readCutOver(stranger, oldId), "not_found");
    const admin = await createTestMember(team, { role: "Admin" });
    const teams = await rotated(admin, "team");
    expect((await readCutOver(admin, teams.oldId))?.mayEnd).toBe(true);
    await expectAppError(readCutOver(owner, teams.oldId), "not_found");
  });
});

describe("the verdict", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const at = (minutes: number) => ({ lastUsedAt: new Date(now.getTime() - minutes * 60_000).toISOString() });
  const never = { lastUsedAt: null };
  test.each([
    ["in_use", "the old token was used a minute ago", at(1), at(1)],
    ["in_use", "the old token was used just under a quarter of an hour ago", at(14.9), at(1)],
    ["safe", "it has been quiet for a quarter of an hour", at(15), at(1)],
    ["safe", "it was never used and the new one is", never, at(1)],
    ["not_started", "it is quiet and the new one was never used", at(60), never],
    ["not_started", "neither was ever used", never, never],
    ["in_use", "the new one was never used and the old one is", at(0), never],
  ])("is %s when %s", (verdict, _, old, successor) => {
    expect(cutOverVerdict(old, successor, now)).toBe(verdict);
  });
});
