import { beforeAll, describe, expect, test, vi } from "vitest";
import { usage } from "@/lib/calls/usage";
import { tablesContaining } from "@/lib/testing/database-search";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { basic, bearer, type CallAnswer, testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const lines = vi.hoisted((): string[] => []);

// Without the masks that the real one puts on what it writes: what is handed to it is what counts.
vi.mock("@/lib/log", async () => {
  const { pino } = await import("pino");
  return { log: pino({ level: "trace" }, { write: (line: string) => lines.push(line) }) };
});

const verifier = testVerifier();
let ours: VerifyingTeam;
beforeAll(async () => {
  ours = await createVerifyingTeam();
});

/** Every way of sending a token here, right and wrong. */
function sendEverywhere(token: string): Promise<CallAnswer>[] {
  const twice = { authorization: [`Bearer ${token}`, `Bearer ${token}`] } as object;
  const presented: object[] = [
    bearer(token),
    twice,
    basic(ours.caller.id, token),
    basic(token, token),
    { authorization: token },
    { authorization: `Bearer ${token}, ${token}` },
    { "x-request-id": token },
    { cookie: `token=${token}` },
    { "user-agent": "curl/8", host: `${token}.example.com` },
  ];
  const query = `?access_token=${token}&token=${token}`;
  return [
    ...presented.flatMap((headers) => [
      verifier.call(`/api/v1/me${query}`, { headers: { ...headers } }),
      verifier.call(`/api/v1/forward-auth${query}&scope=events.read`, { headers: { ...headers } }),
      verifier.postJson("/api/v1/verify", { token }, { headers: { ...headers } }),
      verifier.postForm("/api/v1/introspect", { token }, { headers: { ...headers } }),
    ]),
    verifier.postJson("/api/v1/verify", { token, scopes: [token], resource: token }, { headers: ours.asBearer }),
    verifier.postJson("/api/v1/verify", { token: [token] }, { headers: ours.asBearer }),
    verifier.postJson("/api/v1/verify", `{"token":"${token}"`, { headers: ours.asBearer }),
    verifier.postJson("/api/v1/verify", { tokens: [token, token], ip: token }, { headers: ours.asBearer }),
    verifier.postForm("/api/v1/introspect", `token=${token}&token=${token}`, { headers: ours.asBasic }),
    verifier.call(`/api/v1/nowhere/${token}${query}`, { headers: bearer(token) }),
    verifier.call(`/api/v1/me${query}`, { method: "DELETE", headers: bearer(token) }),
  ];
}

describe.each<[string, object]>([
  ["good", {}],
  ["revoked", { revokedAt: new Date() }],
  ["expired", { expiresAt: inDays(-1) }],
  ["short of scope", { scopes: [] }],
])("a token that is %s", (_, overrides) => {
  test("is in no answer, no header and no line of the log, wherever and however it is sent", async () => {
    const { token } = await createTestKey(ours.owner, overrides);
    lines.length = 0;
    const answers = await Promise.all(sendEverywhere(token));
    await usage.flush();
    const secret = token.slice(11, -4);
    for (const { status, headers, body } of answers) {
      expect(JSON.stringify(headers) + body, `${status}`).not.toContain(secret);
    }
    expect(lines.join("")).not.toContain(secret);
    expect(lines.join("")).not.toContain(Buffer.from(`${ours.caller.id}:${token}`).toString("base64").slice(60, 90));
    expect(await tablesContaining(secret)).toEqual([]);
  });
});

test("a refusal is logged with the request's id and the key's, so that it can be found", async () => {
  const { id, token } = await createTestKey(ours.owner, { revokedAt: new Date() });
  lines.length = 0;
  await verifier.call("/api/v1/me", { headers: { ...bearer(token), "x-request-id": "find-me" }, ip: "192.0.2.7" });
  const logged = lines.map((line) => JSON.parse(line));
  expect(logged).toMatchObject([{ requestId: "find-me", endpoint: "me", code: "revoked", keyId: id, ip: "192.0.2.7" }]);
});

test("a flood of refusals takes few lines of the log, and they say how many there were", async () => {
  const { token } = await createTestKey(ours.owner, { revokedAt: new Date() });
  lines.length = 0;
  const started = Date.now();
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 50 }, () => verifier.call("/api/v1/me", { headers: bearer(token) })));
  }
  const seconds = Math.ceil((Date.now() - started) / 1_000) + 1;
  expect(lines.length).toBeLessThanOrEqual(seconds * 51);
  expect(lines.length).toBeLessThan(500);
});
