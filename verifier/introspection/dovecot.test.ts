import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db } from "@/lib/database/db";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";
import { type RunningDovecot, type SignIn, startDovecot } from "./dovecot.ts";

/** Its package may have to be installed first. */
const START_MS = 300_000;
const MECHANISMS: SignIn["mechanism"][] = ["OAUTHBEARER", "XOAUTH2"];

const verifier = testVerifier();
let ours: VerifyingTeam;
let dovecot: RunningDovecot;
let user: string;

beforeAll(async () => {
  ours = await createVerifyingTeam();
  dovecot = await startDovecot(Number(new URL(verifier.url).port), ours.caller);
  user = (await db.user.findUniqueOrThrow({ where: { id: ours.owner.userId } })).email;
  // On a busy machine, the first connections may take longer than the lookup timeout.
  const { token } = await createTestKey(ours.owner);
  await vi.waitFor(async () => expect(await dovecot.signIn({ user, token })).toBe(user), { timeout: 30_000 });
}, START_MS);
afterAll(() => dovecot?.stop());

test.each(MECHANISMS)("%s signs a member in by a personal key, until it is revoked", async (mechanism) => {
  const { id, token } = await createTestKey(ours.owner);
  for (let count = 0; count < 3; count++) expect(await dovecot.signIn({ user, token, mechanism })).toBe(user);
  await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
  expect(await dovecot.signIn({ user, token, mechanism })).toBeNull();
});

test("refuses another name than the member's, keys short of scope, dead ones, team keys and another team's", async () => {
  const { token } = await createTestKey(ours.owner);
  for (const other of ["somebody@example.com", ours.caller.id, ""]) {
    expect(await dovecot.signIn({ user: other, token })).toBeNull();
  }
  const theirs = await createVerifyingTeam();
  for (const bad of [
    "garbage",
    (await createTestKey(ours.owner, { scopes: ["events.write"] })).token,
    (await createTestKey(ours.owner, { expiresAt: inDays(-1) })).token,
    (await createTestKey(ours.owner, { kind: "team" })).token,
    (await createTestKey(theirs.owner)).token,
    ours.caller.token,
  ]) {
    expect(await dovecot.signIn({ user, token: bad })).toBeNull();
  }
});

test("refuses an address that isn't confirmed", async () => {
  const { token } = await createTestKey(ours.owner);
  await db.user.update({ where: { id: ours.owner.userId }, data: { confirmedEmail: null } });
  for (const name of [user, "", ours.owner.memberId]) expect(await dovecot.signIn({ user: name, token })).toBeNull();
  await db.user.update({ where: { id: ours.owner.userId }, data: { confirmedEmail: user } });
  expect(await dovecot.signIn({ user, token })).toBe(user);
});

test("logs no tokens", async () => {
  expect(await dovecot.log()).not.toMatch(/lk_(?:pat|key)_[0-9a-f]{8}/);
});
