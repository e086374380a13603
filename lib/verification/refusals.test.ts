import { describe, expect, test } from "vitest";
import { bearerRefusal } from "@/lib/verification/refusals";

const INSTANCE = "urn:request:1";

const cases = [
  ["none", "none", 401, "unauthenticated", 'Bearer realm="latchkey"'],
  [
    "malformed",
    "malformed",
    400,
    "invalid_request",
    'Bearer realm="latchkey", error="invalid_request", error_description="The Authorization header is malformed, or the token was presented twice."',
  ],
  [
    "not found",
    { code: "not_found" },
    401,
    "invalid_token",
    'Bearer realm="latchkey", error="invalid_token", error_description="The token is not valid."',
  ],
  [
    "revoked",
    { code: "revoked" },
    401,
    "invalid_token",
    'Bearer realm="latchkey", error="invalid_token", error_description="The token was revoked."',
  ],
  [
    "expired",
    { code: "expired" },
    401,
    "invalid_token",
    'Bearer realm="latchkey", error="invalid_token", error_description="The token has expired."',
  ],
  [
    "owner inactive",
    { code: "owner_inactive" },
    401,
    "invalid_token",
    'Bearer realm="latchkey", error="invalid_token", error_description="The token belongs to a member who is no longer active in the team."',
  ],
  [
    "short of scope",
    { code: "insufficient_scope", scopes: ["events.read"], missing: "events.write" },
    403,
    "insufficient_scope",
    'Bearer realm="latchkey", error="insufficient_scope", error_description="The token lacks the scope events.write.", scope="events.write"',
  ],
] as const;

describe.each(cases)("a token that is %s", (_, refusal, status, code, challenge) => {
  const answer = bearerRefusal(refusal as Parameters<typeof bearerRefusal>[0], INSTANCE);

  test(`is answered ${status} with the challenge of RFC 6750`, () => {
    expect(answer.status).toBe(status);
    expect(answer.headers["WWW-Authenticate"]).toBe(challenge);
  });

  test("has a challenge in the characters that RFC 6750 allows", () => {
    const description = /error_description="([^"]*)"/.exec(challenge)?.[1] ?? "";
    expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
    expect(challenge).toMatch(/^[\x20-\x7e]+$/);
  });

  test("is answered with a problem that nobody may keep", () => {
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": expect.stringContaining("no-store"),
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      success: false,
      status,
      code,
      instance: INSTANCE,
      type: "about:blank",
    });
  });
});

test("nothing presented is told how to present a key, and not of an error", () => {
  const answer = bearerRefusal("none", INSTANCE);
  expect(answer.headers["WWW-Authenticate"]).not.toContain("error");
  expect(JSON.parse(answer.body).detail).toContain("Authorization: Bearer");
});
