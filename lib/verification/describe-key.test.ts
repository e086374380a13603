import { expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { createTestKey, createTestMember, createTestTeam, DAY_MS, inDays, NOWHERE } from "@/lib/testing/fixtures";
import { describeKey } from "@/lib/verification/describe-key";
import { verifyToken } from "@/lib/verification/verify-token";

async function describedKey(token: string, ip: string | null = null) {
  const { decision, key } = await verifyToken(token, { ip }, { endpoint: "me", requestId: "r1", client: NOWHERE });
  if (decision.code !== "valid" || !key) return expect.fail(decision.code);
  return JSON.parse(`{${describeKey(key, decision.scopes)}}`);
}

test("a caller is told its key, its team, its member, and beside the key's scopes those that it has now", async () => {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { permissions: ["events.read"] });
  const [createdAt, expiresAt] = [inDays(-2), inDays(3)];
  const narrow = { resource: "event:0190a5c4-0000-7000-8000-000000000001", allowedIps: ["192.0.2.0/24", "::1/128"] };
  const { id, token } = await createTestKey(actor, {
    name: 'Zapier "2" {a,b} \\ 🦊',
    scopes: ["events.write", "events.read"],
    createdAt,
    expiresAt,
    ...narrow,
  });
  expect(await describedKey(token, "192.0.2.7")).toEqual({
    key: {
      id,
      name: 'Zapier "2" {a,b} \\ 🦊',
      kind: "personal",
      prefix: token.slice(0, 11),
      last_four: token.slice(-4),
      scopes: ["events.write", "events.read"],
      resource: narrow.resource,
      allowed_ips: narrow.allowedIps,
      created_at: createdAt.toISOString(),
    },
    team: { id: team.id, slug: team.slug, name: expect.stringMatching(/^Team /) },
    member: { id: actor.memberId, name: actor.name, email: expect.stringContaining("@"), role: actor.roleName },
    scopes: ["events.read"],
    expires_at: expiresAt.toISOString(),
  });
});

test("a caller with a team's key is told of no member, and of no limits where it has none", async () => {
  const { token } = await createTestKey(await createTestMember(await createTestTeam()), { kind: "team", name: null });
  expect(await describedKey(token)).toMatchObject({
    key: { kind: "team", name: null, resource: null, allowed_ips: [] },
    member: null,
    expires_at: null,
  });
});

test("a caller whose key a policy ends earlier is told when it really ends", async () => {
  const actor = await createTestMember(await createTestTeam());
  const createdAt = inDays(-2);
  const policy = { maxLifetimeDays: 7, changedAt: inDays(-3), limitsScopes: true, memberScopes: ["events.read"] };
  await db.teamPolicy.create({ data: { teamId: actor.teamId, ...policy } });
  const scopes = ["events.read", "events.write"];
  const { token } = await createTestKey(actor, { createdAt, expiresAt: inDays(90), scopes });
  const toleranceMs = DAY_MS + 60_000;
  expect(await describedKey(token)).toMatchObject({
    key: { scopes },
    scopes: ["events.read"],
    expires_at: new Date(createdAt.getTime() + 7 * DAY_MS + toleranceMs).toISOString(),
  });
});

test("nothing that is told has the token, its hash or a password in it", async () => {
  const { token } = await createTestKey(await createTestMember(await createTestTeam()));
  const told = JSON.stringify(await describedKey(token));
  expect(told).not.toContain(token.slice(11, 31));
  expect(told).not.toMatch(/hash|password/i);
});
