import { expect, test } from "vitest";
import { changeName } from "@/lib/account/change-name";
import { exportApiKeys } from "@/lib/api-keys/export/export-api-keys";
import { apiKeyExportSchema } from "@/lib/api-keys/list/list-input";
import { exportAuditLog, exportSchema } from "@/lib/audit/export-audit-log";
import type { Actor } from "@/lib/auth/actor";
import { consumeRateLimit, type LimitedAction } from "@/lib/auth/rate-limits";
import { signIn } from "@/lib/auth/sign-in";
import { db } from "@/lib/database/db";
import { errorProblem } from "@/lib/http/error-problem";
import { inviteMember } from "@/lib/invitations/invite-member";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { createSession } from "@/lib/sessions/create-session";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { MAX_SESSIONS } from "@/lib/sessions/session-limits";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestMember, createTestTeam, createTestUser, NOWHERE } from "@/lib/testing/fixtures";
import { roleOf } from "@/lib/testing/invitations";
import { startTestSession } from "@/lib/testing/sessions";

const NEW_BROWSER = { previousSecret: null };
const HOUR_SECONDS = 3_600;

/** Uses up a user's rate limit. */
const useUp = (act: LimitedAction, userId: string) =>
  db.rateLimit.create({
    data: { key: `${act}:${userId}`, points: 1_000, expire: BigInt(Date.now() + HOUR_SECONDS * 1_000) },
  });

type Person = { actor: Actor; session: LiveSession };
const ACTS: [act: LimitedAction, attempt: (person: Person) => Promise<unknown>][] = [
  ["session_tokens", ({ session }) => issueSessionToken(session, NOWHERE)],
  [
    "invitations",
    async ({ actor }) => inviteMember(actor, { email: null, roleId: await roleOf({ id: actor.teamId, slug: "" }) }),
  ],
  ["exports", ({ actor }) => exportApiKeys(actor, "personal", apiKeyExportSchema.parse({}))],
  ["exports", ({ actor }) => exportAuditLog(actor, exportSchema.parse({ format: "csv" }))],
  ["account_changes", ({ session }) => changeName(session, NOWHERE, { name: "Ada" })],
];

test.each(ACTS)("%s are limited for each user, and leave no entry beyond it", async (act, attempt) => {
  const team = await createTestTeam();
  const [user, other] = [await createTestUser(), await createTestUser()];
  const people: Person[] = [];
  for (const each of [user, other]) {
    const actor = await createTestMember(team, { role: "Admin" }, each);
    people.push({ actor, session: await startTestSession(each) });
  }
  await useUp(act, user.id);
  const entries = await db.auditEntry.count({ where: { teamId: team.id } });
  await expectAppError(attempt(people[0] as Person), "too_many_requests");
  expect(await db.auditEntry.count({ where: { teamId: team.id } })).toBe(entries);
  await attempt(people[1] as Person);
  expect(await db.auditEntry.count({ where: { teamId: team.id } })).toBe(entries + 1);
});

test("turns are counted one by one, also when they are taken at once, and the answer says when there is another", async () => {
  const { id } = await createTestUser();
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => consumeRateLimit("exports", id)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(30);
  const error = await expectAppError(consumeRateLimit("exports", id), "too_many_requests");
  expect(error.message).toMatch(/^You've reached the limit of 30 exports per hour\. Try again in \d+ minutes\.$/);
  const { status, headers } = errorProblem(error, "urn:x");
  expect(status).toBe(429);
  expect(Number(new Headers(headers).get("retry-after"))).toBeGreaterThan(3_000);
});

test("signing in is limited for who has the password, and guesses use up none of the turns", async () => {
  const password = "plenty of words to type";
  const user = await createTestUser(password);
  for (let guess = 0; guess < 3; guess++) await signIn({ email: user.email, password: "wrong" }, NOWHERE, NEW_BROWSER);
  expect(await db.rateLimit.count({ where: { key: `sign_ins:${user.id}` } })).toBe(0);
  expect((await signIn({ email: user.email, password }, NOWHERE, NEW_BROWSER)).status).toBe("signed_in");
  await db.rateLimit.updateMany({ where: { key: `sign_ins:${user.id}` }, data: { points: 1_000 } });
  expect(await signIn({ email: user.email, password }, NOWHERE, NEW_BROWSER)).toMatchObject({ status: "throttled" });
});

test("beyond the most sessions of a user the least recently used ends, and nobody is kept from signing in", async () => {
  const user = { ...(await createTestUser()), members: [] };
  const secrets: string[] = [];
  for (let session = 0; session < MAX_SESSIONS + 2; session++) {
    secrets.push(await createSession(user, NOWHERE, null));
  }
  const alive = await Promise.all(secrets.map(async (secret) => (await readSession(secret)) !== null));
  expect(alive.filter(Boolean)).toHaveLength(MAX_SESSIONS);
  expect(alive.slice(0, 3)).toEqual([false, false, true]);
});
