import "@/lib/testing/without-lease";

import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { expect, test } from "vitest";
import { pool } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { createTestKey, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { watchLookUps } from "@/lib/testing/watch-look-ups";
import { findKey } from "@/lib/verification/verify-token";

/** Runs `during` between a change and its commit. */
async function whileUncommitted(text: string, values: unknown[], during: () => Promise<unknown>): Promise<void> {
  const client: pg.PoolClient = await pool.connect();
  try {
    await client.query("begin");
    await client.query(text, values);
    await during();
    await client.query("commit");
  } finally {
    client.release(true);
  }
}

test("a user who joins a team while being disabled is disabled there too", async () => {
  const user = await createTestUser();
  const team = await createTestTeam();
  const joining: { token?: Promise<string> } = {};
  await whileUncommitted("update users set disabled_at = now() where id = $1", [user.id], async () => {
    joining.token = createTestMember(team, {}, user).then(async (member) => (await createTestKey(member)).token);
    const token = await Promise.race([joining.token, delay(500)]);
    if (token) await decideAboutToken(token);
  });
  expect(await decideAboutToken((await joining.token) ?? "")).toEqual({ code: "owner_inactive" });
});

test("a change that isn't committed yet counts with its commit, also for a key that was read before and during it", async () => {
  const owner = await createTestMember(await createTestTeam());
  const [changing, beside] = [await createTestKey(owner), await createTestKey(owner)];
  const decisions = () =>
    Promise.all([changing, beside].map(async ({ token }) => (await decideAboutToken(token)).code));
  expect(await decisions()).toEqual(["valid", "valid"]);
  await whileUncommitted("update api_keys set revoked_at = now() where id = $1", [changing.id], async () => {
    expect(await decisions()).toEqual(["valid", "valid"]);
  });
  expect(await decisions()).toEqual(["revoked", "valid"]);
});

test("where most of a batch weren't read before, all are read with one statement, as they are committed now", async () => {
  const owner = await createTestMember(await createTestTeam());
  const kept = await createTestKey(owner);
  await findKey(kept.token);
  await pool.query("update api_keys set revoked_at = now() where id = $1", [kept.id]);
  const fresh = [await createTestKey(owner), await createTestKey(owner)];
  await findKey((await createTestKey(owner)).token);
  const statements = watchLookUps();
  const codes = [kept, ...fresh].map(async ({ token }) => (await decideAboutToken(token)).code);
  expect(await Promise.all(codes)).toEqual(["revoked", "valid", "valid"]);
  expect(statements().map(({ length }) => length)).toEqual([3]);
});
