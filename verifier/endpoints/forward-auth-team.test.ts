import { beforeAll, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { insights } from "@/lib/calls/insights";
import { recordedRefusals } from "@/lib/calls/recorded-refusals";
import { usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { createTestKey, createTestMember, createTestTeam, inDays, type TestTeam } from "@/lib/testing/fixtures";
import { bearer, jsonOf, testVerifier } from "../testing/running-verifier.ts";

const verifier = testVerifier();
let team: TestTeam;
let owner: Actor;
let stranger: Actor;

beforeAll(async () => {
  team = await createTestTeam();
  owner = await createTestMember(team);
  stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
});

const ask = (query: string, token: string) =>
  verifier.call(`/api/v1/forward-auth${query}`, { headers: { ...bearer(token), "x-forwarded-method": "GET" } });

/** What a response reveals: all but its request id. */
async function told(query: string, token: string) {
  const { status, headers, body } = await ask(query, token);
  const identity = Object.keys(headers).filter((name) => name.startsWith("x-latchkey-"));
  return {
    status,
    challenge: headers["www-authenticate"],
    identity,
    ...(body && { ...jsonOf({ body }), instance: "" }),
  };
}

const questions = () => [
  `?team=${team.slug}`,
  `?team=${team.slug}&scope=events.read`,
  `?team=${team.slug}&read=events.read&write=events.write`,
  `?team=${team.slug}&scope=events.write&resource=event:2`,
  "?team=nobody-s",
];

test("with team=, another team's key is refused like an unknown token, whatever its state", async () => {
  const theirs = [
    await createTestKey(stranger),
    await createTestKey(stranger, { kind: "team", scopes: ["keys.verify", "events.read"] }),
    await createTestKey(stranger, { revokedAt: inDays(-1) }),
    await createTestKey(stranger, { expiresAt: inDays(-1) }),
    await createTestKey(stranger, { allowedIps: ["203.0.113.0/24"] }),
    await createTestKey(stranger, { resource: "event:1" }),
    await createTestKey(stranger, { scopes: [] }),
  ];
  for (const question of questions()) {
    const unknown = await told(question, generateToken("personal").token);
    expect(unknown).toMatchObject({ status: 401, code: "invalid_token", identity: [] });
    for (const { token } of theirs) expect(await told(question, token), question).toEqual(unknown);
  }
});

test("with team=, that team's own keys pass or are refused as usual", async () => {
  const good = await createTestKey(owner, { scopes: ["events.read"] });
  const revoked = await createTestKey(owner, { revokedAt: inDays(-1) });
  const [any, reading, byMethod, writing] = questions() as [string, string, string, string];
  for (const question of [any, reading, byMethod]) expect((await ask(question, good.token)).status).toBe(200);
  expect((await told(writing, good.token)).code).toBe("insufficient_scope");
  expect((await told(any, revoked.token)).challenge).toContain("The token was revoked.");
});

test("a key of another team is neither counted as used, nor as refused, where it was asked for", async () => {
  const own = [await createTestKey(owner), await createTestKey(owner, { revokedAt: inDays(-1) })];
  const theirs = [await createTestKey(stranger), await createTestKey(stranger, { revokedAt: inDays(-1) })];
  for (const { token } of [...theirs, ...own]) {
    for (const question of questions()) await ask(question, token);
  }
  await Promise.all([usage.flush(), recordedRefusals.flush()]);
  await insights.flush();
  /** How many rows there are about these keys, by what is kept. */
  const kept = async (keys: { id: string }[]) => {
    const where = { keyId: { in: keys.map(({ id }) => id) } };
    return {
      uses: await db.apiKeyUsage.count({ where }),
      hours: (await db.apiKeyHour.count({ where })) > 0,
      addresses: await db.apiKeyAddress.count({ where }),
      scopeUses: await db.apiKeyScopeUse.count({ where }),
      refusals: (await db.apiKeyRefusal.count({ where })) > 0,
    };
  };
  expect(await kept(own)).toEqual({ uses: 1, hours: true, addresses: 1, scopeUses: 1, refusals: true });
  expect(await kept(theirs)).toEqual({ uses: 0, hours: false, addresses: 0, scopeUses: 0, refusals: false });
});

test("a gateway that names a team twice, or an empty one, gets an error, and nobody gets in", async () => {
  const { token } = await createTestKey(owner);
  for (const query of [`?team=${team.slug}&team=${team.slug}`, "?team=", "?team", "?team=%20"]) {
    expect(await told(query, token)).toMatchObject({ status: 400, code: "invalid_question", identity: [] });
  }
});
