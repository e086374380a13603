import "@/lib/testing/without-lease";

import { randomBytes } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKey, createTestKeys } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { watchLookUps } from "@/lib/testing/watch-look-ups";
import { lookupPool } from "@/lib/verification/connections";
import { LookUpUnavailable, lookUpKey } from "@/lib/verification/lookup";
import { metrics } from "@/lib/verification/metrics";
import { findKey } from "@/lib/verification/verify-token";

const MAX_BATCH_KEYS = 500;
const MAX_WAITING_KEYS = 10_000;

/** As look-ups are asked for: the bytes of the hash as a binary string. */
const asHash = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const nobodysHash = () => asHash(randomBytes(32));
const hex = (hash: string) => Buffer.from(hash, "latin1").toString("hex");
const sizes = (statements: string[][]) => statements.map(({ length }) => length);

/** Token hash and id of so many new keys of one member, whose team and role are known already from another key. */
async function createHashes(count: number): Promise<Map<string, string>> {
  const owner = await createTestDeveloper();
  const ids = await createTestKeys(owner, Array(count).fill({}));
  const rows = await db.apiKey.findMany({ where: { id: { in: ids } }, select: { id: true, tokenHash: true } });
  await findKey((await createTestKey(owner)).token);
  return new Map(rows.map(({ id, tokenHash }) => [asHash(tokenHash), id]));
}

describe("look-ups that arrive in one turn", () => {
  test("go to the database in one statement, and each gets its own key or none", async () => {
    const keys = await createHashes(40);
    const statements = watchLookUps();
    const found = await Promise.all([...keys.keys(), nobodysHash()].map(lookUpKey));
    expect(found.map((key) => key?.id ?? null)).toEqual([...keys.values(), null]);
    expect(sizes(statements())).toEqual([41]);
  });

  test("take one connection between them, also when some come a little later in the turn", async () => {
    let acquired = 0;
    const count = () => acquired++;
    lookupPool.on("acquire", count);
    const early = [lookUpKey(nobodysHash()), lookUpKey(nobodysHash())];
    await Promise.resolve();
    const late = await new Promise<Promise<unknown>>((resolve) =>
      process.nextTick(() => resolve(lookUpKey(nobodysHash()))),
    );
    expect(await Promise.all([...early, late])).toEqual([null, null, null]);
    lookupPool.off("acquire", count);
    expect(acquired).toBe(1);
  });

  test("ask once for a token that is presented twice", async () => {
    const [hash = ""] = (await createHashes(1)).keys();
    const other = nobodysHash();
    const statements = watchLookUps();
    const [first, none, second] = await Promise.all([lookUpKey(hash), lookUpKey(other), lookUpKey(hash)]);
    expect([first?.id, none, second?.id]).toEqual([expect.any(String), null, first?.id]);
    expect(statements()).toEqual([[hex(hash), hex(other)]]);
  });

  test("are counted by how many went together", async () => {
    const before = await batches();
    await Promise.all(Array.from({ length: 7 }, () => lookUpKey(nobodysHash())));
    await lookUpKey(nobodysHash());
    const after = await batches();
    expect([after.count - before.count, after.keys - before.keys]).toEqual([2, 8]);
  });

  test(`are split into statements of at most ${MAX_BATCH_KEYS} keys, and none gets another's answer`, async () => {
    const keys = await createHashes(620);
    const hashes = [...keys.keys()].flatMap((hash) => [hash, nobodysHash()]);
    const statements = watchLookUps();
    const found = await Promise.all(hashes.map(lookUpKey));
    expect(found.map((key) => key?.id)).toEqual(hashes.map((hash) => keys.get(hash)));
    expect(sizes(statements())).toEqual([MAX_BATCH_KEYS, MAX_BATCH_KEYS, 240]);
  });

  test("and are more than can wait are refused at once, and the others are not", async () => {
    const OVER = 40;
    const outcomes: string[] = [];
    const asked = Array.from({ length: MAX_WAITING_KEYS + OVER }, async () => {
      const outcome = await lookUpKey(nobodysHash()).then(
        () => "answered",
        (error: unknown) => (error instanceof LookUpUnavailable ? error.message : "another error"),
      );
      outcomes.push(outcome);
    });
    await Promise.all(asked);
    expect(outcomes.slice(0, OVER)).toEqual(Array(OVER).fill("too many look-ups are waiting"));
    expect(outcomes.slice(OVER)).not.toContain("too many look-ups are waiting");
    await expect(lookUpKey(nobodysHash())).resolves.toBeNull();
  });
});

test("keys of members that aren't known yet take one more statement, however many they are", async () => {
  const tokens = await Promise.all(Array.from({ length: 5 }, async () => createTestKey(await createTestDeveloper())));
  const statements = watchLookUps();
  const found = await Promise.all(tokens.map(({ token }) => findKey(token)));
  expect(found.map((key) => key?.id)).toEqual(tokens.map(({ id }) => id));
  expect(sizes(statements())).toEqual([5, 5]);
});

describe("a key that was read before", () => {
  test("is good only after the database has said, for every look-up, that nothing of its team has changed", async () => {
    const owner = await createTestDeveloper();
    const { token, id } = await createTestKey(owner);
    await findKey(token);
    const statements = watchLookUps();
    for (let time = 0; time < 3; time++) expect((await findKey(token))?.id).toBe(id);
    expect(statements()).toEqual([[owner.teamId], [owner.teamId], [owner.teamId]]);
  });

  test("is read anew, with its member, after any change to a key, a member or a role of its team", async () => {
    const owner = await createTestDeveloper();
    const { token, id } = await createTestKey(owner);
    const other = await createTestKey(owner);
    const changes = [
      "update api_keys set name = 'new name' where id = $1",
      "update members set role_id = role_id where id = (select member_id from api_keys where id = $1)",
      "update roles set name = name || '.' where team_id = (select team_id from api_keys where id = $1)",
      "update users set name = 'new' where id = (select user_id from members m join api_keys k on k.member_id = m.id where k.id = $1)",
      "delete from api_keys where id = $1",
    ];
    await findKey(token);
    const statements = watchLookUps();
    for (const [place, change] of changes.entries()) {
      await ownerDb.$executeRawUnsafe(change.replace("$1", "$1::uuid"), place < changes.length - 1 ? id : other.id);
      expect((await findKey(token))?.name).toBe("new name");
      // The version, the key, and the key with whom it acts as.
      expect(statements()).toHaveLength(3 * (place + 1));
    }
  });

  test("is found beside keys that weren't, in one answer", async () => {
    const known = await createHashes(3);
    await Promise.all([...known.keys()].map(lookUpKey));
    const fresh = await createHashes(3);
    const hashes = [...known.keys(), ...fresh.keys(), nobodysHash()];
    const found = await Promise.all(hashes.map(lookUpKey));
    expect(found.map((key) => key?.id ?? null)).toEqual([...known.values(), ...fresh.values(), null]);
  });

  test("and is gone from the database is not found", async () => {
    const { token, id } = await createTestKey(await createTestDeveloper());
    await findKey(token);
    await ownerDb.apiKey.delete({ where: { id } });
    expect(await findKey(token)).toBeNull();
  });
});

test("an answer that came while this process was busy for longer than a look-up waits is taken", async () => {
  const { token, id } = await createTestKey(await createTestDeveloper());
  await findKey(token);
  const sent = new Promise((resolve) => {
    const query = vi.spyOn(lookupPool, "query");
    query.mockImplementation((...args: unknown[]) => {
      query.mockRestore();
      const result = (lookupPool.query as (...args: unknown[]) => unknown)(...args);
      setImmediate(resolve);
      return result;
    });
  });
  const found = findKey(token);
  await sent;
  for (const until = performance.now() + 1_000; performance.now() < until; );
  expect((await found)?.id).toBe(id);
});

test("what can't be a token never reaches the database, and what can does", async () => {
  const { id, token } = await createTestKey(await createTestDeveloper());
  await findKey(token);
  const wrongChecksum = token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
  const garbage = [
    "",
    "x",
    wrongChecksum,
    token.toUpperCase(),
    ` ${token}`,
    `${token}\n`,
    `${token}\0`,
    "a_".repeat(50_000),
  ];
  const statements = watchLookUps();
  for (const presented of garbage) expect(await findKey(presented)).toBeNull();
  expect(statements()).toEqual([]);
  expect(await findKey(generateToken("team").token)).toBeNull();
  expect((await findKey(token))?.id).toBe(id);
  expect(sizes(statements())).toEqual([1, 1]);
});

async function batches(): Promise<{ count: number; keys: number }> {
  const text = await metrics.registry.getSingleMetricAsString("latchkey_lookup_batch_keys");
  const value = (name: string) => Number(new RegExp(`latchkey_lookup_batch_keys_${name} (\\d+)`).exec(text)?.[1]);
  return { count: value("count"), keys: value("sum") };
}
