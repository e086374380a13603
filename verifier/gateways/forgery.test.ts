import { expect, test } from "vitest";
import { AMBIGUOUS_PATHS, ORDINARY_PATHS } from "./ambiguous-paths.ts";
import type { Call } from "./client.ts";
import { rawRequest } from "./raw-request.ts";
import {
  codeOf403,
  createTestKey,
  expectRefused,
  onEveryGateway,
  reader,
  receivedAs,
  send,
  sendThroughOther,
} from "./testbed.ts";

const IDENTITY = ["Key-Id", "Key-Kind", "Team-Id", "Member-Id", "Member-Email", "Role", "Scopes", "Resource"];
const SPELLINGS = [
  (text: string) => `X-Latchkey-${text}`,
  (text: string) => `x-latchkey-${text.toLowerCase()}`,
  (text: string) => `X-LATCHKEY-${text.toUpperCase()}`,
  (text: string) => `X_Latchkey_${text.replaceAll("-", "_")}`,
  (text: string) => `X-Latchkey_${text.replaceAll("-", "_")}`,
  (text: string) => `x_LATCHKEY-${text}`,
];

// The gateway believes no header of the client's:
onEveryGateway((bed) => {
  test.each(SPELLINGS.map((spell) => [spell("Role"), spell]))("for who is calling: %s", async (_example, spell) => {
    const { token } = await createTestKey(bed.owner, { kind: "team" });
    const headers = IDENTITY.map((text): [string, string] => [spell(text), "forged"]);
    if (bed.kind.stripsUnknownNames) headers.push([spell("Of-The-Future"), "forged"]);
    expect((await send(bed, { token, headers })).status).toBe(200);
    expect(bed.api.received).toHaveLength(1);
    expect(JSON.stringify(bed.api.received)).not.toContain("forged");
    expect(receivedAs(bed, "X-Latchkey-Key-Kind")).toEqual(["team"]);
  });

  test("for its method", async () => {
    const { token } = await reader(bed);
    const names = ["X-Forwarded-Method", "X-Original-Method", "X-HTTP-Method-Override", "X-HTTP-Method"];
    const headers = names.flatMap((each): [string, string][] => [
      [each, "GET"],
      [each.replaceAll("-", "_"), "GET"],
    ]);
    expectRefused(bed, await send(bed, { method: "POST", token, headers }), 403, "insufficient_scope");
    const asWrite = names.map((each): [string, string] => [each, "DELETE"]);
    expect((await send(bed, { token, headers: asWrite })).status).toBe(200);
    expect(JSON.stringify(bed.api.received)).not.toContain("DELETE");
  });

  test("for its path", async () => {
    const { token } = await reader(bed);
    const names = ["X-Original-URI", "X-Original-URL", "X-Forwarded-Uri", "X-Rewrite-URL", "X-Forwarded-Prefix"];
    const headers = names.map((each): [string, string] => [each, "/events"]);
    expect((await send(bed, { path: "/reports", token, headers })).status).toBe(403);
    expect((await send(bed, { path: "/elsewhere", token, headers })).status).toBe(404);
    expect(bed.api.received).toEqual([]);
    await send(bed, { token, headers });
    expect(names.flatMap((each) => receivedAs(bed, each))).toEqual([]);
  });

  test("for its address: a key narrowed to addresses is good from there and from nowhere else", async () => {
    const { token } = await createTestKey(bed.owner, { allowedIps: ["127.0.7.1/32"] });
    const forged: Call["headers"][] = [
      [],
      [["X-Forwarded-For", "127.0.7.1"]],
      [["X-Forwarded-For", "127.0.7.1, 127.0.0.1"]],
      [
        ["X-Forwarded-For", "127.0.7.1"],
        ["X-Forwarded-For", "127.0.0.1"],
      ],
      [
        ["X_Forwarded_For", "127.0.7.1"],
        ["Forwarded", "for=127.0.7.1"],
        ["X-Real-IP", "127.0.7.1"],
      ],
    ];
    for (const headers of forged) {
      const answer = await send(bed, { from: "127.0.7.2", token, headers });
      expectRefused(bed, answer, 403, codeOf403(bed, "ip_not_allowed"));
    }
    const names = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X_Forwarded_For", "X_Real_IP"];
    const elsewhere = names.map((each): [string, string] => [each, "203.0.113.9"]);
    expect((await send(bed, { from: "127.0.7.1", token, headers: elsewhere })).status).toBe(200);
    expect(receivedAs(bed, "X-Forwarded-For")).toEqual(["127.0.7.1"]);
    expect(JSON.stringify(bed.api.received)).not.toContain("203.0.113.9");
  });

  // Proxies drop the headers that Connection names (RFC 9110, section 7.6.1), also those that they set themselves.
  test("for what to leave out: a header that Connection names arrives all the same", async () => {
    const resource = "event:7f1c3a52-9d5e-4b7a-8a43-0c6f1f4f9a11";
    const { id, token } = await createTestKey(bed.owner, { resource, allowedIps: ["127.0.7.1/32"] });
    const named =
      "X-Latchkey-Key-Id, X-Latchkey-Resource, X-Forwarded-For, X-Forwarded-Method, X-Original-Method, X-Request-Id";
    const options: Call = { from: "127.0.7.1", token, headers: [["Connection", `close, ${named}`]] };
    const edit = (text: string) => text.replaceAll("read=events.read", "resource=*&read=events.read");
    expect((await sendThroughOther(bed, { edit }, options)).status).toBe(200);
    expect(receivedAs(bed, "X-Latchkey-Key-Id")).toEqual([id]);
    expect(receivedAs(bed, "X-Latchkey-Resource")).toEqual([resource]);
    expect(receivedAs(bed, "X-Forwarded-For")).toEqual(["127.0.7.1"]);
    expect(receivedAs(bed, "X-Request-Id")).toHaveLength(1);
    expect(receivedAs(bed, "Connection").join()).not.toMatch(/latchkey/i);
  });

  test.each(AMBIGUOUS_PATHS)("that could mean another path: %s is refused before anybody is asked", async (path) => {
    const { token } = await createTestKey(bed.owner, { scopes: ["events.read", "reports.read"] });
    expect((await send(bed, { path, token })).status).toBe(400);
    expect(bed.api.received).toEqual([]);
    expect(bed.questions.asked).toEqual([]);
  });

  // As it is sent to a proxy (RFC 9112, section 3.2.2). APIs differ in what they take for the path of such a target.
  test.each([
    ["http://api", "api"],
    ["http://api\\reports", "api\\reports"],
    ["http://user@api", "api"],
    ["other://api", "api"],
  ])("that stands behind a host: for %s/events/1 the API sees the path that was asked about", async (origin, host) => {
    const { token } = await reader(bed);
    await rawRequest(bed.gateway.port, [`Authorization: Bearer ${token}`], `${origin}/events/1`, host);
    for (const { url } of bed.api.received) expect(url).toBe("/events/1");
    expect(bed.api.received.length).toBeLessThan(2);
  });

  // Many APIs read `http://${host}${path}`.
  test.each(["a/reports?", "a\\reports?", "a?", "a#", "a:1/reports?", "user@a"])(
    "for a Host by which the API could see another path: %s is refused before anybody is asked",
    async (host) => {
      const { token } = await reader(bed);
      const answer = await rawRequest(bed.gateway.port, [`Authorization: Bearer ${token}`], "/events/1", host);
      expect(answer.status).toBe(400);
      expect([bed.api.received, bed.questions.asked]).toEqual([[], []]);
    },
  );

  test.each(["api.example.com", "API.example:8443", "[2001:db8::1]:8000", "my_api-1"])(
    "but an ordinary Host is served: %s",
    async (host) => {
      const { token } = await reader(bed);
      const answer = await rawRequest(bed.gateway.port, [`Authorization: Bearer ${token}`], "/events/1", host);
      expect(answer.status).toBe(200);
    },
  );

  test.each(ORDINARY_PATHS)("but an ordinary path arrives as it was sent: %s", async (path) => {
    const { token } = await reader(bed);
    expect((await send(bed, { path, token })).status).toBe(200);
    expect(bed.api.received).toMatchObject([{ url: path }]);
  });
});
