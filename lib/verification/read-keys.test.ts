import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { expect, test } from "vitest";
import { pool } from "@/lib/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { createTestKey, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { watchLookUps } from "@/lib/testing/watch-look-ups";
import { keptKeys } from "@/lib/verification/read-keys";
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

test("where most keys are forgotten before they come again, each is read with one statement, and is as it is committed now", async () => {
  const owner = await createTestMember(await createTestTeam());
  const [first, second] = [await createTestKey(owner), await createTestKey(owner)];
  const someKey = (await findKey(first.token)) ?? expect.fail();
  for (let number = 0; number < 140_000; number++) {
    const hash = randomBytes(32).toString("latin1");
    keptKeys.get(hash);
    keptKeys.keep(hash, someKey);
  }
  const statements = watchLookUps();
  for (let time = 0; time < 3; time++) {
    const found = await Promise.all([findKey(first.token), findKey(second.token)]);
    expect(found.map((key) => key?.id)).toEqual([first.id, second.id]);
  }
  expect(statements().map(({ length }) => length)).toEqual([2, 2, 2]);
  await pool.query("update api_keys set revoked_at = now() where id = $1", [first.id]);
  expect(await decideAboutToken(first.token)).toEqual({ code: "revoked" });
});
