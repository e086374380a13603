import "@/lib/testing/without-lease";

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { usage } from "@/lib/calls/usage";
import { db, pool } from "@/lib/database/db";
import { createTestDeveloper, createTestKey, NOWHERE } from "@/lib/testing/fixtures";
import { lookupPool, usagePool } from "@/lib/verification/connections";
import { findKey } from "@/lib/verification/verify-token";

const query = vi.spyOn(lookupPool, "query");
const namesSent = () => query.mock.calls.map(([sent]) => (sent as { name?: string }).name);
const names = async () => [...new Set(namesSent())].filter((name) => name !== undefined);

/** Runs a statement on every connection for lookups and usage, as an intermediate pooler might. */
async function onEveryConnection(statements: string[]): Promise<void> {
  for (const each of [lookupPool, usagePool]) {
    const clients = await Promise.all(Array.from({ length: each.options.max ?? 1 }, () => each.connect()));
    for (const client of clients) {
      for (const statement of statements) await client.query(statement);
      client.release();
    }
  }
}

/** Restores the state of a new process. */
function believeInPreparedStatements(): void {
  const state = (globalThis as { [key: symbol]: unknown })[Symbol.for("latchkey.preparedStatements")];
  (state as { isThere: boolean }).isThere = true;
}

beforeEach(async () => {
  believeInPreparedStatements();
  await closeConnections();
  query.mockClear();
});
afterEach(() => believeInPreparedStatements());

async function keyFoundBefore() {
  const key = await createTestKey(await createTestDeveloper());
  await findKey(key.token);
  await findKey(key.token);
  usage.note(key, "valid", Date.now(), NOWHERE);
  await usage.flush();
  return key;
}

const callsOf = async (keyId: string) => (await db.apiKeyUsage.findUnique({ where: { keyId } }))?.calls;

async function expectRightAnswers({ id, token }: { id: string; token: string }): Promise<void> {
  const found = await Promise.all([findKey(token), findKey(token)]);
  expect(found.map((key) => key?.id)).toEqual([id, id]);
  await pool.query("update api_keys set revoked_at = now() where id = $1", [id]);
  expect((await findKey(token))?.revokedAt).toEqual(expect.any(Date));
}

test("the statements of lookups and counts are parsed once per connection", async () => {
  const key = await keyFoundBefore();
  await expectRightAnswers(key);
  expect(namesSent().length).toBeGreaterThan(0);
  expect(namesSent()).not.toContain(undefined);
});

test("a connection that lost its prepared statements, as behind a pooler, still gives correct answers", async () => {
  const key = await keyFoundBefore();
  await onEveryConnection(["deallocate all"]);
  query.mockClear();
  await expectRightAnswers(key);
  expect(namesSent()).toContain(undefined);
});

test("a connection that already has another client's statements, as behind a pooler, still gives correct answers", async () => {
  const key = await keyFoundBefore();
  const prepared = (await names()).map((name) => `prepare "${name}" as select 1`);
  expect(prepared.length).toBeGreaterThan(0);
  await closeConnections();
  await onEveryConnection(prepared);
  query.mockClear();
  await expectRightAnswers(key);
  expect(namesSent()).toContain(undefined);
});

test("a call is counted once when its prepared statement was lost", async () => {
  const key = await keyFoundBefore();
  await onEveryConnection(["deallocate all"]);
  usage.note(key, "valid", Date.now(), NOWHERE);
  await usage.flush();
  expect(await callsOf(key.id)).toBe(2n);
});

test("other failures don't turn off prepared statements", async () => {
  const key = await keyFoundBefore();
  const cancelled = Object.assign(new Error("canceling statement due to user request"), { code: "57014" });
  query.mockImplementationOnce(() => Promise.reject(cancelled));
  await expect(findKey(key.token)).rejects.toBe(cancelled);
  query.mockClear();
  await expectRightAnswers(key);
  expect(namesSent()).not.toContain(undefined);
});

/** New ones take their place. */
async function closeConnections(): Promise<void> {
  for (const each of [lookupPool, usagePool]) {
    const clients = await Promise.all(Array.from({ length: each.options.max ?? 1 }, () => each.connect()));
    for (const client of clients) client.release(true);
  }
}
