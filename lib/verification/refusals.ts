import { problem } from "@/lib/problem";
import type { Decision } from "@/lib/verification/decide";

type Refusal = Exclude<Decision, { code: "valid" }>;

const REALM = 'Bearer realm="latchkey"';

/** What the holder of the real token may know about why it stopped working. */
const INVALID_TOKEN: Record<Exclude<Refusal["code"], "insufficient_scope">, string> = {
  not_found: "The token is not valid.",
  revoked: "The token was revoked.",
  expired: "The token has expired.",
  owner_inactive: "The token belongs to a member who is no longer active in the team.",
};

/** The answer to a request without a good Bearer token, with its challenge (RFC 6750, section 3). */
export function bearerRefusal(refusal: Refusal | "none" | "malformed", instance: string) {
  if (refusal === "none") {
    const detail = "Send an API key as “Authorization: Bearer <token>”.";
    return withChallenge(problem({ status: 401, code: "unauthenticated", detail, instance }), REALM);
  }
  if (refusal === "malformed") {
    const detail = "The Authorization header is malformed, or the token was presented twice.";
    return withChallenge(
      problem({ status: 400, code: "invalid_request", detail, instance }),
      challenge("invalid_request", detail),
    );
  }
  if (refusal.code === "insufficient_scope") {
    const detail = `The token lacks the scope ${refusal.missing}.`;
    const header = `${challenge("insufficient_scope", detail)}, scope="${refusal.missing}"`;
    return withChallenge(problem({ status: 403, code: "insufficient_scope", detail, instance }), header);
  }
  const detail = INVALID_TOKEN[refusal.code];
  return withChallenge(
    problem({ status: 401, code: "invalid_token", detail, instance }),
    challenge("invalid_token", detail),
  );
}

const challenge = (error: string, description: string) =>
  // The header's quoted strings are ASCII (RFC 6750, section 3).
  `${REALM}, error="${error}", error_description="${description.replace(/[^\x20-\x7e]|["\\]/g, "")}"`;

function withChallenge(response: ReturnType<typeof problem>, header: string) {
  return { ...response, headers: { ...response.headers, "WWW-Authenticate": header } };
}
