import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { log } from "@/lib/log";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL ?? "";
const scratch = await createScratchDatabase();
process.env.DATABASE_URL = scratch.url;

// Imported only now: these modules connect to this test's database.
const { apiRoute } = await import("@/lib/http/routes");
const { requireScope } = await import("@/lib/verification/require-scope");
const { bearerCaller } = await import("@/lib/verification/verify-token");
const { metrics } = await import("@/lib/verification/metrics");
const { createTestKey } = await import("@/lib/testing/fixtures");
const { bearer, testVerifier } = await import("./testing/running-verifier.ts");
const { createVerifyingTeam } = await import("./testing/verifying-team.ts");

const verifier = testVerifier();
const database = new pg.Client({ connectionString: scratch.ownerUrl });
let team: Awaited<ReturnType<typeof createVerifyingTeam>>;
let token: string;

beforeAll(async () => {
  await database.connect();
  team = await createVerifyingTeam();
  ({ token } = await createTestKey(team.owner, { scopes: ["events.read"] }));
});
afterAll(async () => {
  await database.end();
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});

const handler = apiRoute(async (request) => (await requireScope(request, "events.read")).key.id);
const asks: Record<string, () => Promise<{ status: number; body: string }>> = {
  me: () => verifier.call("/api/v1/me", { headers: bearer(token) }),
  "forward-auth": () => verifier.call("/api/v1/forward-auth?scope=events.read", { headers: bearer(token) }),
  introspect: () => verifier.postForm("/api/v1/introspect", { token }, { headers: team.asBasic }),
  verify: () => verifier.postJson("/api/v1/verify", { token }, { headers: team.asBearer }),
  handler: async () => {
    const response = await handler(new Request("http://localhost/", { headers: bearer(token) }));
    return { status: response.status, body: await response.text() };
  },
};

/** An invalid statement is an error in Latchkey, and doesn't mean that the database is unavailable. */
const breakStatements = () => database.query("alter table teams rename column access_version to gone");
const mendStatements = () => database.query("alter table teams rename column gone to access_version");

const countOf = async (endpoint: string, code: string) => {
  const { values } = (await metrics.registry.getSingleMetric("latchkey_decisions_total")?.get()) ?? { values: [] };
  return values.find(({ labels }) => labels.endpoint === endpoint && labels.code === code)?.value ?? 0;
};

test.each(Object.keys(asks))(
  "an error in Latchkey isn't reported as an outage, and lets nobody in: %s",
  async (endpoint) => {
    const ask = asks[endpoint] as () => Promise<{ status: number; body: string }>;
    expect((await ask()).status).toBe(200);
    const logged = vi.spyOn(log, "error");
    await breakStatements();
    const answer = await ask().finally(mendStatements);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([500, "internal"]);
    expect(answer.body).not.toMatch(/access_version|column/);
    expect(await countOf(endpoint, "failed")).toBe(1);
    expect(await countOf(endpoint, "unavailable")).toBe(0);
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      {
        err: expect.objectContaining({ stack: expect.stringContaining("lookup") }),
        requestId: expect.anything(),
        endpoint,
      },
      "verification failed",
    );
    logged.mockRestore();
    expect((await ask()).status).toBe(200);
  },
);

test("a failure to describe a valid caller is such an error, too", async () => {
  const context = { endpoint: "me", requestId: "r1", client: { ip: null, userAgent: null } } as const;
  const before = await countOf("me", "failed");
  const answer = await bearerCaller(`Bearer ${token}`, { ip: null }, context, () => {
    throw new Error("no words");
  });
  expect(answer).toMatchObject({ status: 500 });
  expect(await countOf("me", "failed")).toBe(before + 1);
});
