import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL ?? "";
const scratch = await createScratchDatabase();
process.env.DATABASE_URL = scratch.url;

const { createApiKey } = await import("@/lib/api-keys/create/create-api-key");
const { apiKeyListSchema, listApiKeys } = await import("@/lib/api-keys/queries");
const { renameApiKey } = await import("@/lib/api-keys/change/rename-api-key");
const { rotateApiKey, rotateApiKeySchema } = await import("@/lib/api-keys/rotate/rotate-api-key");
const { changeExpiry, changeExpirySchema } = await import("@/lib/api-keys/change/change-expiry");
const { createApiKeySchema } = await import("@/lib/api-keys/schemas");
const { hashToken } = await import("@/lib/api-keys/token");
const { actorIn } = await import("@/lib/auth/actor");
const { databaseNow, db, pool } = await import("@/lib/database/db");
const { acceptInvitation } = await import("@/lib/invitations/accept-invitation");
const { inviteMember } = await import("@/lib/invitations/invite-member");
const { findInvitation } = await import("@/lib/invitations/queries");
const { createKey } = await import("@/lib/rest/create-key");
const { createKeySchema } = await import("@/lib/rest/schemas");
const { issueSessionToken } = await import("@/lib/session-tokens/issue-session-token");
const { sessionOfToken } = await import("@/lib/session-tokens/session-of-token");
const { listSessions } = await import("@/lib/sessions/list-sessions");
const { readSession } = await import("@/lib/sessions/read-session");
const { isSetupOpen, setupCodeHash } = await import("@/lib/setup/create-first-admin");
const { createTestKey, createTestMember, createTestTeam, createTestUser, NOWHERE } = await import(
  "@/lib/testing/fixtures"
);
const { startTestSession } = await import("@/lib/testing/sessions");

/** For changes that the console's role may not make: it changes no token. */
const owner = new pg.Client({ connectionString: scratch.ownerUrl });
await owner.connect();

afterAll(async () => {
  await owner.end();
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});
afterEach(() => vi.useRealTimers());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Sets this process's clock. */
function setClock(offBy: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offBy });
}

const ago = async (ms: number) => new Date((await databaseNow()).getTime() - ms);

/** A signed-in actor, read as on each request. */
async function signedIn() {
  const user = await createTestUser();
  const team = await createTestTeam();
  await createTestMember(team, { role: "Admin" }, user);
  const session = await startTestSession(user);
  const actor = actorIn(session, team.slug, NOWHERE) ?? expect.fail("they aren't a member");
  return { session, actor, team };
}

const isAbout = (expected: number) => (actual: Date | string | null) =>
  actual !== null && Math.abs(new Date(actual).getTime() - expected) < MINUTE_MS;

describe.each([
  ["an hour behind", -HOUR_MS],
  ["an hour ahead", HOUR_MS],
])("on a machine whose clock is %s", (_, offBy) => {
  beforeEach(() => setClock(offBy));

  test("a setup link opens for a day and no longer", async () => {
    const scratchIsEmpty = (await db.user.count()) === 0;
    const [fresh, old] = [randomUUID(), randomUUID()];
    await db.setupCode.create({ data: { codeHash: setupCodeHash(fresh), createdAt: await ago(23.5 * HOUR_MS) } });
    await db.setupCode.create({ data: { codeHash: setupCodeHash(old), createdAt: await ago(24.5 * HOUR_MS) } });
    expect([await isSetupOpen(fresh), await isSetupOpen(old)]).toEqual([scratchIsEmpty, false]);
  });
});

describe.each([
  ["an hour behind", -HOUR_MS],
  ["an hour ahead", HOUR_MS],
])("on a machine whose clock is %s", (_, offBy) => {
  beforeEach(() => setClock(offBy));

  test("a session that has just begun lives, begins now, and ends in a week", async () => {
    const { session } = await signedIn();
    const row = await db.session.findUniqueOrThrow({ where: { id: session.id } });
    const now = (await databaseNow()).getTime();
    expect([row.createdAt, row.lastSeenAt, session.now].every(isAbout(now))).toBe(true);
    expect(row.expiresAt).toSatisfy(isAbout(now + 7 * 24 * HOUR_MS));
    expect(await listSessions(session)).toHaveLength(1);
  });

  test.each([
    ["has come to its end", { expiresAt: 0.5 * HOUR_MS }],
    ["wasn't used for twelve hours", { lastSeenAt: 12.5 * HOUR_MS }],
    ["is a week old", { createdAt: 7 * 24.1 * HOUR_MS }],
  ])("a session that %s lets nobody in, by its cookie or its token", async (__, past) => {
    const { session } = await signedIn();
    const { token } = await issueSessionToken(session, NOWHERE);
    const [[column, ms]] = Object.entries(past) as [[string, number]];
    await db.session.update({ where: { id: session.id }, data: { [column]: await ago(ms) } });
    expect([await readSession(session.secret), await sessionOfToken(token)]).toEqual([null, null]);
  });

  test("one that would live half an hour more does", async () => {
    const { session } = await signedIn();
    await db.session.update({ where: { id: session.id }, data: { expiresAt: await ago(-0.5 * HOUR_MS) } });
    expect(await readSession(session.secret)).not.toBeNull();
  });

  test("a session token lives an hour and no longer", async () => {
    const { session } = await signedIn();
    const { token, expiresAt } = await issueSessionToken(session, NOWHERE);
    expect(expiresAt).toSatisfy(isAbout((await databaseNow()).getTime() + HOUR_MS));
    expect(await sessionOfToken(token)).not.toBeNull();
    const end = "update session_tokens set expires_at = now() where token_hash = $1";
    expect((await owner.query(end, [hashToken(token)])).rowCount).toBe(1);
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("an invitation brings somebody in for a week and no longer", async () => {
    const { actor } = await signedIn();
    const role = await db.role.findFirstOrThrow({ where: { teamId: actor.teamId, name: "Viewer" } });
    const { id, url } = await inviteMember(actor, { email: null, roleId: role.id });
    const code = new URL(url).searchParams.get("code") ?? new URL(url).pathname.split("/").at(-1);
    const { expiresAt } = await db.invitation.findUniqueOrThrow({ where: { id } });
    expect(expiresAt).toSatisfy(isAbout((await databaseNow()).getTime() + 7 * 24 * HOUR_MS));
    expect(await findInvitation(code)).not.toBeNull();
    await db.invitation.update({ where: { id }, data: { expiresAt: await ago(0.5 * HOUR_MS) } });
    expect(await findInvitation(code)).toBeNull();
    const stranger = await createTestUser();
    await expect(acceptInvitation(code, stranger.id, NOWHERE)).rejects.toMatchObject({ code: "not_found" });
  });

  test("a key's lifetime and its overlap are counted by the database, and what is over is shown as over", async () => {
    const { actor } = await signedIn();
    const now = (await databaseNow()).getTime();
    const wanted = createApiKeySchema.parse({ name: "Made", scopes: ["events.read"], expiry: { in: "90d" } });
    const { key } = await createApiKey(actor, wanted);
    expect(key.createdAt).toSatisfy(isAbout(now));
    expect(key.expiresAt).toSatisfy(isAbout(now + 90 * 24 * HOUR_MS));
    const { predecessor } = await rotateApiKey(actor, rotateApiKeySchema.parse({ id: key.id, overlap: "1h" }));
    expect(predecessor.expiresAt).toSatisfy(isAbout(now + HOUR_MS));

    const { id } = await createTestKey(actor, { name: "Over", expiresAt: await ago(0.5 * HOUR_MS) });
    await expect(renameApiKey(actor, { id, name: "x" })).rejects.toMatchObject({ code: "conflict" });
    const { keys } = await listApiKeys(actor, "personal", apiKeyListSchema.parse({ status: "expired" }));
    expect(keys.map(({ name, status }) => [name, status])).toEqual([["Over", "expired"]]);
  });

  test("a date of half an hour ago is past, and one in half an hour is not", async () => {
    const { actor } = await signedIn();
    const { id } = await createTestKey(actor);
    const changeTo = (at: Date) =>
      changeExpiry(actor, changeExpirySchema.parse({ id, expiry: { at: at.toISOString() } }));
    const past = { code: "invalid", fields: { expiry: "Choose a date in the future." } };
    await expect(changeTo(await ago(0.5 * HOUR_MS))).rejects.toMatchObject(past);
    expect((await changeTo(await ago(-0.5 * HOUR_MS))).status).toBe("active");
  });

  test("an Idempotency-Key stands for its request for a day and no longer", async () => {
    const { actor } = await signedIn();
    const input = createKeySchema.parse({ scopes: ["events.read"] });
    const hash = Buffer.from(createHash("sha256").update("body").digest());
    const make = () => createKey(actor, input, { name: "one", hash, instance: "urn:request:r1" });
    const first = await make();
    const keptFor = async (ms: number) =>
      db.idempotencyKey.updateMany({ where: { memberId: actor.memberId }, data: { createdAt: await ago(ms) } });
    await keptFor(23.5 * HOUR_MS);
    expect((await make()).id).toBe(first.id);
    await keptFor(24.5 * HOUR_MS);
    expect((await make()).id).not.toBe(first.id);
  });

  test("what is written says when by the database's clock", async () => {
    const { actor } = await signedIn();
    await createApiKey(actor, createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "never" } }));
    const { rows } = await pool.query<{ at: Date }>(
      `select at from audit_entries where team_id = $1
       union all select created_at from teams where id = $1
       union all select created_at from members where team_id = $1
       union all select created_at from users where id = $2`,
      [actor.teamId, actor.userId],
    );
    const now = (await databaseNow()).getTime();
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.map(({ at }) => at).every(isAbout(now))).toBe(true);
  });
});

/**
 * Durations within this process, hours by which counts are grouped, and forms, which the server checks again. All other
 * code uses the database's time.
 */
const OWN_CLOCK = ["api-keys/create/lifetimes-within.ts", "verification/failed-attempts.ts", "verification/primary.ts"];

test("nothing else in lib asks this machine for the time", () => {
  const lib = join(import.meta.dirname, "..");
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !/\.test\.|^testing\//.test(file));
  const asking = sources.filter((file) => /\bnew Date\(\)|\bDate\.now\(\)/.test(readFileSync(join(lib, file), "utf8")));
  expect(asking.sort()).toEqual(OWN_CLOCK);
});
