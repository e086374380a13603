import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestKey } from "@/lib/testing/fixtures";
import { bearer, testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
beforeAll(async () => {
  ours = await createVerifyingTeam();
});

const scrape = async (ip?: string) => verifier.call("/api/metrics", { ip });

/** The number on the line that begins so; 0 where there is none. */
async function read(line: string): Promise<number> {
  const { body } = await scrape();
  return Number(
    body
      .split("\n")
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length + 1) ?? 0,
  );
}

const decisions = (endpoint: string, code: string) =>
  read(`latchkey_decisions_total{endpoint="${endpoint}",code="${code}"}`);

describe("metrics", () => {
  test("describe the process and its connections", async () => {
    const { body } = await scrape();
    for (const name of [
      "latchkey_endpoint_seconds",
      "latchkey_lookup_batch_keys",
      "latchkey_usage_flush_lag_seconds",
      "latchkey_usage_not_counted_total",
      "latchkey_not_kept_total",
      "latchkey_throttled_total",
      "latchkey_lookup_pool_connections",
      "latchkey_usage_pool_connections",
      "process_cpu_seconds_total",
      "nodejs_eventloop_lag_seconds",
    ]) {
      expect(body).toContain(`# HELP ${name} `);
    }
  });

  test("have no tokens, names or addresses", async () => {
    const { token } = await createTestKey(ours.owner, { name: "Findable name" });
    await verifier.call("/api/v1/me", { headers: bearer(token), ip: "203.0.113.77" });
    const { body } = await scrape();
    for (const secret of [token.slice(7, 40), "Findable", "203.0.113.77", ours.team.id])
      expect(body).not.toContain(secret);
  });
});

describe("decisions are counted by endpoint and code:", () => {
  test("those about the presented key", async () => {
    const { token } = await createTestKey(ours.owner);
    const revoked = await createTestKey(ours.owner, { revokedAt: new Date() });
    const calls: [string, string, string, string][] = [
      ["me", "valid", "/api/v1/me", token],
      ["me", "revoked", "/api/v1/me", revoked.token],
      ["me", "not_found", "/api/v1/me", "garbage"],
      ["forward-auth", "valid", "/api/v1/forward-auth?scope=events.read", token],
      ["forward-auth", "insufficient_scope", "/api/v1/forward-auth?scope=reports.read", token],
    ];
    for (const [endpoint, code, path, each] of calls) {
      const before = await decisions(endpoint, code);
      for (let time = 0; time < 3; time++) await verifier.call(path, { headers: bearer(each) });
      expect([endpoint, code, (await decisions(endpoint, code)) - before]).toEqual([endpoint, code, 3]);
    }
  });

  test("those about other keys, in addition to the caller's", async () => {
    const { token } = await createTestKey(ours.owner, { scopes: [] });
    const before = [await decisions("verify", "valid"), await decisions("verify", "insufficient_scope")];
    const body = { tokens: [token, token], scopes: ["events.read"] };
    await verifier.postJson("/api/v1/verify", body, { headers: ours.asBearer });
    const after = [await decisions("verify", "valid"), await decisions("verify", "insufficient_scope")];
    expect(after.map((count, place) => count - (before[place] ?? 0))).toEqual([1, 2]);
    const unknown = await decisions("introspect", "not_found");
    await verifier.postForm("/api/v1/introspect", { token: generateToken("team").token }, { headers: ours.asBasic });
    expect((await decisions("introspect", "not_found")) - unknown).toBe(1);
  });

  test("each response of an endpoint by its duration", async () => {
    const before = await read('latchkey_endpoint_seconds_count{endpoint="me"}');
    for (let time = 0; time < 3; time++) await verifier.call("/api/v1/me");
    expect((await read('latchkey_endpoint_seconds_count{endpoint="me"}')) - before).toBe(3);
  });
});
