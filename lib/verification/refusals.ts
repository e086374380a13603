import { type Problem, problem } from "@/lib/http/problem";
import { scopeCatalog } from "@/lib/permissions/catalog";
import type { Decision, DecisionCode } from "@/lib/verification/decide";

export type Refusal = Exclude<Decision, { code: "valid" }>;

/** The problem's `instance` (RFC 9457, section 3.1.5); the same id is in the header and in the log. */
export const instanceOf = (requestId: string | null | undefined) => `urn:request:${requestId ?? "unknown"}`;

const REALM = 'Bearer realm="latchkey"';

/** Only the holder of the real token learns why it stopped working; unknown tokens are `not_found`. */
const INVALID_TOKEN: Partial<Record<DecisionCode, string>> = {
  not_found: "The token is not valid.",
  revoked: "The token was revoked.",
  expired: "The token has expired.",
  owner_inactive: "The token belongs to a member who is no longer active in the team.",
};

/** The response to a refused Bearer token, with its challenge (RFC 6750, section 3). */
export function bearerRefusal(refusal: Refusal, instance: string): Problem {
  switch (refusal.code) {
    case "insufficient_scope": {
      const scope: Record<string, string> = refusal.missing.length > 0 ? { scope: refusal.missing.join(" ") } : {};
      return forbidden(refusal.code, missingScope(refusal), instance, scope);
    }
    case "wrong_resource":
      return forbidden(refusal.code, "The key is restricted to one resource, and the request isn't for it.", instance);
    case "ip_not_allowed":
      return forbidden(refusal.code, "The key can't be used from this IP address.", instance);
    default: {
      const detail = INVALID_TOKEN[refusal.code] ?? "The token is not valid.";
      const challenge = challengeOf("invalid_token", detail);
      return withChallenge(problem({ status: 401, code: "invalid_token", detail, instance }), challenge);
    }
  }
}

/** A read-only key used for writing gets its own message. */
function missingScope({ missing, scopes }: Extract<Refusal, { code: "insufficient_scope" }>): string {
  const { access } = scopeCatalog();
  const isReadOnly = scopes.length > 0 && scopes.every((scope) => access.get(scope) === "read");
  const readOnly = isReadOnly ? "The key is read-only" : "The key has no scope for this method";
  if (missing.length === 0) return `${readOnly}.`;
  const lack = `the scope ${missing.join(" and ")}`;
  const wantsToWrite = missing.some((scope) => access.get(scope) === "write");
  return isReadOnly && wantsToWrite ? `The key is read-only: it lacks ${lack}.` : `The token lacks ${lack}.`;
}

/** RFC 6750 has only `insufficient_scope` for a valid token that may not do this; the problem's code is more exact. */
function forbidden(code: string, detail: string, instance: string, attributes: Record<string, string> = {}): Problem {
  const challenge = challengeOf("insufficient_scope", detail, attributes);
  return withChallenge(problem({ status: 403, code, detail, instance }), challenge);
}

/** Nothing was presented: a bare challenge. */
export function noToken(instance: string, challenge = REALM): Problem {
  const detail = "Send an API key as “Authorization: Bearer <token>”.";
  return withChallenge(problem({ status: 401, code: "unauthenticated", detail, instance }), challenge);
}

/** Two tokens or a malformed one. `status` is 401 for gateways, which treat other statuses as a failed subrequest. */
export function malformedToken(instance: string, status: 400 | 401 = 400): Problem {
  const detail = "The Authorization header is malformed, or the token was presented twice.";
  const refusal = problem({ status, code: "invalid_request", detail, instance });
  return withChallenge(refusal, challengeOf("invalid_request", detail));
}

/** RFC 6585, section 4. */
export function tooManyAttempts(retryAfterSeconds: number, instance: string): Problem {
  const detail = "Too many invalid tokens came from this IP address. Valid tokens are still accepted.";
  const headers = { "Retry-After": String(retryAfterSeconds) };
  return problem({ status: 429, code: "too_many_attempts", detail, instance, headers });
}

/** The database can't be reached, so there is no decision. */
export function unavailable(instance: string): Problem {
  const detail = "Latchkey can't reach its database. Try again in a moment.";
  return problem({ status: 503, code: "unavailable", detail, instance, headers: { "Retry-After": "1" } });
}

/** An error in Latchkey itself, which is in its log. */
export function failed(instance: string): Problem {
  const detail = "Something went wrong. Check Latchkey's log.";
  return problem({ status: 500, code: "internal", detail, instance });
}

export function withChallenge(refusal: Problem, challenge: string): Problem {
  return { ...refusal, headers: { ...refusal.headers, "WWW-Authenticate": challenge } };
}

function challengeOf(error: string, description: string, attributes: Record<string, string> = {}): string {
  const all = { error, error_description: description, ...attributes };
  return `${REALM}, ${Object.entries(all)
    .map(([name, value]) => `${name}="${quotable(value)}"`)
    .join(", ")}`;
}

/** The header's quoted strings are ASCII without quotes and backslashes (RFC 6750, section 3). */
const quotable = (text: string) => text.replace(/[^\x20-\x7e]|["\\]/g, "");
