import { beforeAll, expect, test } from "vitest";
import { Prisma } from "@/generated/prisma/client";
import { readKeyRow, readWrittenKey } from "@/lib/api-keys/read-keys";
import type { Actor } from "@/lib/auth/actor";
import { readCallsByDay } from "@/lib/calls/calls-by-day";
import { readKeyAddresses } from "@/lib/calls/key-addresses";
import { readLatestRefusals, readRefusedHours } from "@/lib/calls/refusals";
import { db } from "@/lib/database/db";
import { lockMembers } from "@/lib/members/lock-members";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const NOW = new Date();
const HOUR = new Date(Math.floor(NOW.getTime() / 3_600_000) * 3_600_000);

let owner: Actor;
let stranger: Actor;
let keyId: string;

beforeAll(async () => {
  owner = await createTestMember(await createTestTeam(), { role: "Admin" });
  stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  keyId = (await createTestKey(owner)).id;
  const calls = { keyId, hour: HOUR, calls: 3 };
  await db.apiKeyHour.create({ data: { ...calls, code: "revoked", lastAt: NOW } });
  await db.apiKeyUsage.create({ data: { ...calls, teamId: owner.teamId, lastUsedAt: NOW } });
  await db.apiKeyAddress.create({ data: { ...calls, ip: "203.0.113.7", firstAt: NOW, lastAt: NOW } });
  await db.apiKeyRefusal.create({ data: { keyId, at: NOW, requestId: "r", code: "revoked", endpoint: "me" } });
});

const READERS: [name: string, read: (actor: Actor) => Promise<unknown>, nothing: unknown][] = [
  ["addresses", (actor) => readKeyAddresses(actor, keyId), []],
  ["latest refusals", (actor) => readLatestRefusals(actor, keyId), []],
  ["refused hours", (actor) => readRefusedHours(actor, keyId, NOW), []],
  [
    "calls",
    async (actor) =>
      (await readCallsByDay(actor, keyId, 30, NOW)).filter(({ accepted, refused }) => accepted > 0 || refused.revoked),
    [],
  ],
  ["row", (actor) => readKeyRow(db, actor, Prisma.sql`id = ${keyId}::uuid`), null],
];

test.each(READERS)(
  "a key's %s are read within its team alone, by whichever id they are asked for",
  async (_, read, nothing) => {
    expect(await read(owner)).not.toEqual(nothing);
    expect(await read(stranger)).toEqual(nothing);
  },
);

test("a key that was just written is not read back as another team's", async () => {
  expect((await readWrittenKey(db, owner, keyId)).id).toBe(keyId);
  await expect(readWrittenKey(db, stranger, keyId)).rejects.toThrow();
});

test("an id of another team's member locks nobody there", async () => {
  await db.$transaction(async (tx) => {
    await lockMembers(tx, stranger.teamId, stranger.memberId, owner.memberId);
    await expect(
      db.$queryRaw`select id from members where id = ${owner.memberId}::uuid for update nowait`,
    ).resolves.toHaveLength(1);
    await expect(
      db.$queryRaw`select id from members where id = ${stranger.memberId}::uuid for update nowait`,
    ).rejects.toThrow();
  });
});
