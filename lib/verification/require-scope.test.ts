import { describe, expect, test } from "vitest";
import { usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { Refused } from "@/lib/http/error-problem";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { ANY_RESOURCE } from "@/lib/verification/decide";
import { requireScope } from "@/lib/verification/require-scope";

type Key = Parameters<typeof createTestKey>[1];

const newKey = async (overrides: Key = {}) => createTestKey(await createTestDeveloper(), overrides);

function requestWith(token: string, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/", {
    headers: { authorization: `Bearer ${token}`, "x-request-id": "r1", ...headers },
  });
}

/** The response that `requireScope` throws. */
async function refusalOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => expect.fail("was let in"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refused);
  const { status, body } = (error as Refused).problem;
  return { status, ...JSON.parse(body) };
}

test("a handler gets the caller and the key's effective scopes", async () => {
  const { id, token } = await newKey({ scopes: ["events.read", "gone.read"] });
  const { key, scopes } = await requireScope(requestWith(token), "events.read");
  expect([key.id, scopes]).toEqual([id, ["events.read"]]);
});

test("the refusal of a key without the scope names the scope and the request's id", async () => {
  const { token } = await newKey({ scopes: ["events.read"] });
  expect(await refusalOf(requireScope(requestWith(token), "events.write"))).toMatchObject({
    status: 403,
    code: "insufficient_scope",
    instance: "urn:request:r1",
  });
});

describe("a key narrowed to one resource", () => {
  test("is refused by a handler that names no resource, and by one that names another", async () => {
    const { token } = await newKey({ resource: "event:1" });
    for (const resource of [undefined, "event:2"]) {
      const refusal = await refusalOf(requireScope(requestWith(token), "events.read", { resource }));
      expect(refusal).toMatchObject({ status: 403, code: "wrong_resource" });
    }
  });

  test("passes where the handler names its resource, or checks the key's resource itself", async () => {
    const { id, token } = await newKey({ resource: "event:1" });
    for (const resource of ["event:1", ANY_RESOURCE]) {
      const { key } = await requireScope(requestWith(token), "events.read", { resource });
      expect([key.id, key.resource]).toEqual([id, "event:1"]);
    }
  });
});

describe("the client's address", () => {
  test("is the one that the HTTP server determined", async () => {
    const { id, token } = await newKey({ allowedIps: ["192.0.2.0/24"] });
    const { key } = await requireScope(requestWith(token, { "x-latchkey-client-ip": "192.0.2.7" }), "events.read");
    expect(key.id).toBe(id);
    await usage.flush();
    expect(await db.apiKeyUsage.findUnique({ where: { keyId: id } })).toMatchObject({
      lastUsedIp: "192.0.2.7",
      calls: 1n,
    });
  });

  test.each([
    ["another", { "x-latchkey-client-ip": "198.51.100.7" }],
    ["none", {}],
    [
      "one that the client claims",
      { "x-forwarded-for": "192.0.2.7", "x-real-ip": "192.0.2.7", forwarded: "for=192.0.2.7" },
    ],
  ])("is not %s", async (_, headers) => {
    const { token } = await newKey({ allowedIps: ["192.0.2.0/24"] });
    const refusal = await refusalOf(requireScope(requestWith(token, headers as Record<string, string>), "events.read"));
    expect(refusal).toMatchObject({ status: 403, code: "ip_not_allowed" });
  });
});
