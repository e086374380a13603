import { answerSchemas, type SchemaName } from "@/lib/openapi/components";
import { createTestKey } from "@/lib/testing/fixtures";
import { at, expect, test } from "./fixtures";

type Answers = typeof answerSchemas;

/** Validates a real response against the document's schema; unknown fields are errors. */
async function expectAnswer(
  name: Extract<SchemaName, keyof Answers>,
  status: number,
  path: string,
  init: RequestInit = {},
) {
  const response = await fetch(at(path), init);
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(answerSchemas[name].safeParse(JSON.parse(text)).error, `${path} ${text}`).toBeUndefined();
}

test("the endpoints answer what the OpenAPI document says", async ({ admin }) => {
  const scopes = ["events.read", "events.write", "keys.verify"];
  const caller = await createTestKey(admin.actor, { kind: "team", scopes });
  const personal = await createTestKey(admin.actor, {
    name: null,
    resource: "event:018f5b5e-0000-7000-8000-000000000000",
  });
  const ended = await createTestKey(admin.actor, { revokedAt: new Date() });
  const bearer = { authorization: `Bearer ${caller.token}` };
  const post = (body: unknown) => ({
    method: "POST",
    headers: { ...bearer, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const introspect = (token: string) => ({ method: "POST", headers: bearer, body: new URLSearchParams({ token }) });

  await expectAnswer("IdentityAnswer", 200, "/api/v1/me", { headers: bearer });
  await expectAnswer("IdentityAnswer", 200, "/api/v1/me", { headers: { authorization: `Bearer ${personal.token}` } });
  await expectAnswer("Problem", 401, "/api/v1/me");
  const tokens = [caller.token, personal.token, ended.token, "nobody's"];
  await expectAnswer("VerdictAnswer", 200, "/api/v1/verify", post({ tokens, scopes: ["events.read"] }));
  for (const token of tokens) {
    await expectAnswer("VerdictAnswer", 200, "/api/v1/verify", post({ token, scopes: ["reports.write"] }));
    await expectAnswer("IntrospectionAnswer", 200, "/api/v1/introspect", introspect(token));
  }
  await expectAnswer("Problem", 422, "/api/v1/verify", post({ token: 1, extra: true }));
  const event = { name: "Spring fair", starts_at: "2027-05-01T18:00:00Z" };
  await expectAnswer("EventAnswer", 201, "/api/v1/organizer/events", post(event));
  await expectAnswer("EventListAnswer", 200, "/api/v1/organizer/events", { headers: bearer });
  await expectAnswer("Liveness", 200, "/api/health/live");
  await expectAnswer("Readiness", 200, "/api/health/ready");
});

test("anybody gets the document, as JSON that is read anew each time", async () => {
  const response = await fetch(at("/api/v1/openapi.json"));
  expect(response.headers.get("content-type")).toContain("application/json");
  expect(response.headers.get("cache-control")).toContain("no-store");
  const document = await response.json();
  expect(document.openapi).toBe("3.1.0");
  expect(document.servers).toEqual([{ url: at("/api/v1") }]);
  expect((await fetch(at("/api/v1/openapi.json"), { method: "POST" })).status).toBe(405);
});
