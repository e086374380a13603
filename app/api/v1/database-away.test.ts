import { afterAll, expect, test } from "vitest";
import { startStoppablePostgres } from "@/lib/testing/stoppable-postgres";

const serverUrl = process.env.DATABASE_URL;
const postgres = await startStoppablePostgres();
process.env.DATABASE_URL = postgres.url;

// Imported after the setup, because pools read the environment on import.
const keys = await import("./api-keys/route");
const key = await import("./api-keys/[id]/route");
const rotation = await import("./api-keys/[id]/rotate/route");
const sessionToken = await import("./session-token/route");
const events = await import("./organizer/events/route");
const auth = await import("../auth/[...nextauth]/route");
const { createTestKey } = await import("@/lib/testing/fixtures");
const { restRequest, signedIn } = await import("@/lib/testing/rest-requests");

afterAll(async () => {
  process.env.DATABASE_URL = serverUrl;
  await postgres.remove();
});

/** An Admin with a key and all credentials. */
async function admin() {
  const someone = await signedIn();
  return { ...someone, apiKey: await createTestKey(someone.actor, { scopes: ["events.read", "events.write"] }) };
}

type Admin = Awaited<ReturnType<typeof admin>>;

/** One call of each management endpoint and of the example API. */
function calls({ bearer, cookie, apiKey }: Admin): Record<string, () => Promise<Response>> {
  const as = (method: string, body?: object, name?: string) =>
    restRequest(method, "", { ...bearer, ...(name && { "idempotency-key": name }) }, body);
  const withKey = (method: string, body?: object) =>
    restRequest(method, "", { authorization: `Bearer ${apiKey.token}` }, body);
  const params = Promise.resolve({ id: apiKey.id });
  const none = { params: Promise.resolve(undefined) };
  const newKey = { scopes: ["events.read"] };
  return {
    "listing keys": () => keys.GET(as("GET"), none),
    "making a key": () => keys.POST(as("POST", newKey), none),
    "making a key once": () => keys.POST(as("POST", newKey, "one"), none),
    "reading a key": () => key.GET(as("GET"), { params }),
    "renaming a key": () => key.PATCH(as("PATCH", { name: "Renamed" }), { params }),
    "rotating a key": () => rotation.POST(as("POST", { overlap: "none" }), { params }),
    "revoking a key": () => key.DELETE(as("DELETE"), { params }),
    "making a session token": () => sessionToken.POST(restRequest("POST", "", cookie)),
    "listing events": () => events.GET(withKey("GET")),
    "making an event": () => events.POST(withKey("POST", { name: "Fair", starts_at: "2027-05-01T18:00:00Z" })),
  };
}

async function expectUnavailable(answer: Promise<Response>, what: string): Promise<void> {
  const response = await answer;
  const body = await response.text();
  expect([response.status, response.headers.get("retry-after")], `${what}: ${body}`).toEqual([503, "1"]);
  expect(response.headers.get("content-type"), what).toBe("application/problem+json");
  expect(response.headers.get("cache-control"), what).toBe("private, no-store");
  expect(JSON.parse(body), what).toMatchObject({ success: false, status: 503, code: "unavailable" });
  expect(body, what).not.toMatch(/ECONN|127\.0\.0\.1|prisma|postgres|lk_ses_|lk_pat_/i);
}

test("with PostgreSQL stopped every call is answered 503, and with it started again rightly, by the same process", async () => {
  const someone = await admin();
  for (const round of [1, 2]) {
    // Opens the connections before the database stops.
    expect((await calls(someone)["listing keys"]?.())?.status).toBe(200);
    await postgres.stop();
    for (let time = 0; time < 2; time++) {
      const all = Object.entries(calls(someone));
      await Promise.all(all.map(([what, call]) => expectUnavailable(call(), `${what}, round ${round}`)));
    }
    await postgres.start();
    expect((await calls(someone)["listing keys"]?.())?.status).toBe(200);
  }
  const statuses: Record<string, number> = {};
  for (const [what, call] of Object.entries(calls(someone))) statuses[what] = (await call()).status;
  expect(statuses).toEqual({
    "listing keys": 200,
    "making a key": 201,
    "making a key once": 201,
    "reading a key": 200,
    "renaming a key": 200,
    "rotating a key": 201,
    "revoking a key": 200,
    "making a session token": 201,
    // The key was rotated without a grace period.
    "listing events": 401,
    "making an event": 401,
  });
});

test("asking who is signed in, and signing out, leave the session's cookie alone while that can't be known or done", async () => {
  const { cookie } = await admin();
  await postgres.stop();
  const ask = (method: "GET" | "POST", action: string) =>
    auth[method](restRequest(method, "", cookie), { params: Promise.resolve({ nextauth: [action] }) });
  for (const answer of [await ask("GET", "session"), await ask("POST", "signout")]) {
    expect(answer.headers.getSetCookie()).toEqual([]);
    await expectUnavailable(Promise.resolve(answer), "next-auth");
  }
  await postgres.start();
});
