import { expect, test } from "vitest";
import { createTestKey, createTestMember, createTestTeam, inDays, NOWHERE } from "@/lib/testing/fixtures";
import { describeCaller } from "@/lib/verification/describe-caller";
import { verifyToken } from "@/lib/verification/verify-token";

async function describedKey(token: string) {
  const { decision, key } = await verifyToken(token, {}, NOWHERE);
  if (decision.code !== "valid" || !key) return expect.fail(decision.code);
  return describeCaller({ key, scopes: decision.scopes });
}

test("a caller is told its key, its team, its member, and beside the key's scopes those that it has now", async () => {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { permissions: ["events.read"] });
  const expiresAt = inDays(3);
  const { id, token } = await createTestKey(actor, { scopes: ["events.read", "events.write"], expiresAt });
  expect(await describedKey(token)).toMatchObject({
    key: {
      id,
      kind: "personal",
      prefix: token.slice(0, 11),
      last_four: token.slice(-4),
      scopes: ["events.read", "events.write"],
    },
    team: { id: team.id, slug: team.slug },
    member: { id: actor.memberId, name: actor.name },
    scopes: ["events.read"],
    expires_at: expiresAt.toISOString(),
  });
});

test("a caller with a team's key is told of no member", async () => {
  const { token } = await createTestKey(await createTestMember(await createTestTeam()), { kind: "team" });
  expect(await describedKey(token)).toMatchObject({ key: { kind: "team" }, member: null, expires_at: null });
});

test("nothing that is told has the token, its hash or a password in it", async () => {
  const { token } = await createTestKey(await createTestMember(await createTestTeam()));
  const told = JSON.stringify(await describedKey(token));
  expect(told).not.toContain(token.slice(11, 31));
  expect(told).not.toMatch(/hash|password/i);
});
