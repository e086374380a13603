import { describe, expect, test } from "vitest";
import {
  bearerRefusal,
  malformedToken,
  noToken,
  type Refusal,
  tooManyAttempts,
  unavailable,
} from "@/lib/verification/refusals";

const INSTANCE = "urn:request:1";

const challenge = (error: string, description: string, more = "") =>
  `Bearer realm="latchkey", error="${error}", error_description="${description}"${more}`;
const short = (scopes: string[], missing: string[]): Refusal => ({ code: "insufficient_scope", scopes, missing });
const forbidden = (description: string, more = "") => challenge("insufficient_scope", description, more);

const cases: [string, Refusal, number, string, string][] = [
  [
    "made by nobody",
    { code: "not_found" },
    401,
    "invalid_token",
    challenge("invalid_token", "The token is not valid."),
  ],
  ["revoked", { code: "revoked" }, 401, "invalid_token", challenge("invalid_token", "The token was revoked.")],
  ["expired", { code: "expired" }, 401, "invalid_token", challenge("invalid_token", "The token has expired.")],
  [
    "a gone member's",
    { code: "owner_inactive" },
    401,
    "invalid_token",
    challenge("invalid_token", "The token belongs to a member who is no longer active in the team."),
  ],
  [
    "from a wrong address",
    { code: "ip_not_allowed" },
    403,
    "ip_not_allowed",
    forbidden("The key can't be used from this IP address."),
  ],
  [
    "for another resource",
    { code: "wrong_resource", scopes: ["events.read"] },
    403,
    "wrong_resource",
    forbidden("The key is restricted to one resource, and the request isn't for it."),
  ],
  [
    "read-only and wants to write",
    short(["events.read"], ["events.write"]),
    403,
    "insufficient_scope",
    forbidden("The key is read-only: it lacks the scope events.write.", ', scope="events.write"'),
  ],
  [
    "read-only and wants to read something else",
    short(["events.read"], ["reports.read"]),
    403,
    "insufficient_scope",
    forbidden("The token lacks the scope reports.read.", ', scope="reports.read"'),
  ],
  [
    "short of several scopes",
    short(["events.write"], ["reports.read", "reports.write"]),
    403,
    "insufficient_scope",
    forbidden("The token lacks the scope reports.read and reports.write.", ', scope="reports.read reports.write"'),
  ],
  [
    "without any scope",
    short([], ["events.read"]),
    403,
    "insufficient_scope",
    forbidden("The token lacks the scope events.read.", ', scope="events.read"'),
  ],
  [
    "read-only and comes with a method that writes",
    short(["events.read"], []),
    403,
    "insufficient_scope",
    forbidden("The key is read-only."),
  ],
  [
    "without a scope for its method",
    short(["events.write"], []),
    403,
    "insufficient_scope",
    forbidden("The key has no scope for this method."),
  ],
];

describe.each(cases)("a token that is %s", (_, refusal, status, code, expected) => {
  const answer = bearerRefusal(refusal, INSTANCE);

  test(`is answered ${status} with the challenge of RFC 6750`, () => {
    expect(answer.status).toBe(status);
    expect(answer.headers["WWW-Authenticate"]).toBe(expected);
  });

  test("gets a problem that must not be cached and says the same", () => {
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": expect.stringContaining("no-store"),
    });
    const body = JSON.parse(answer.body);
    expect(body).toMatchObject({ success: false, status, code, instance: INSTANCE, type: "about:blank" });
    expect(expected).toContain(`error_description="${body.detail}"`);
  });
});

test("a request without a token gets a bare challenge, which says how to present one, without an error", () => {
  const answer = noToken(INSTANCE);
  expect([answer.status, answer.headers["WWW-Authenticate"]]).toEqual([401, 'Bearer realm="latchkey"']);
  expect(JSON.parse(answer.body)).toMatchObject({ code: "unauthenticated", instance: INSTANCE });
  expect(JSON.parse(answer.body).detail).toContain("Authorization: Bearer");
});

test.each([400, 401] as const)("what is malformed is answered %i with invalid_request", (status) => {
  const answer = malformedToken(INSTANCE, status);
  expect(answer.status).toBe(status);
  expect(answer.headers["WWW-Authenticate"]).toContain('error="invalid_request"');
  expect(JSON.parse(answer.body)).toMatchObject({ code: "invalid_request", status });
});

test("the responses to too many attempts and an unavailable database say nothing about a token, and both say when to retry", () => {
  const answers = [tooManyAttempts(17, INSTANCE), unavailable(INSTANCE)];
  expect(answers.map(({ status, headers }) => [status, headers["Retry-After"]])).toEqual([
    [429, "17"],
    [503, "1"],
  ]);
  for (const { headers, body } of answers) {
    expect(headers["WWW-Authenticate"]).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({
      success: false,
      code: expect.stringMatching(/^too_many_attempts|unavailable$/),
    });
  }
});

test("a requested scope can't break out of the challenge's header or quotes", () => {
  const answer = bearerRefusal(short([], ['a"b\\c', "d\r\nSet-Cookie: e=f", "ü"]), INSTANCE);
  const header = answer.headers["WWW-Authenticate"] ?? "";
  expect(header).toMatch(/^[\x20-\x7e]*$/);
  expect(header.replace(/="[^"\\]*"/g, "")).toBe("Bearer realm, error, error_description, scope");
});
