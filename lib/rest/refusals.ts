import { type Problem, problem } from "@/lib/http/problem";
import { withChallenge } from "@/lib/verification/refusals";

const REALM = 'Bearer realm="latchkey"';
const ONLY_PEOPLE = "API keys can't manage API keys. Sign in, or send a session token.";

/** An API key was presented, whether active or not, and regardless of a valid cookie. */
export function apiKeyNotAllowed(instance: string): Problem {
  const challenge = `${REALM}, error="insufficient_scope", error_description="${ONLY_PEOPLE}"`;
  return withChallenge(problem({ status: 403, code: "api_key_not_allowed", detail: ONLY_PEOPLE, instance }), challenge);
}

/** No credential, or a cookie whose session has ended. */
export function notSignedIn(instance: string): Problem {
  const detail = "Sign in to the console, or send a session token as “Authorization: Bearer <token>”.";
  return withChallenge(problem({ status: 401, code: "unauthenticated", detail, instance }), REALM);
}

/** A Bearer value that isn't a live session token. */
export function badSessionToken(instance: string): Problem {
  const detail = "The session token is not valid, or its session has ended.";
  const challenge = `${REALM}, error="invalid_token", error_description="${detail}"`;
  return withChallenge(problem({ status: 401, code: "invalid_token", detail, instance }), challenge);
}

/** A session token where only the session itself is accepted; otherwise it could renew itself forever. */
export function cookieOnly(instance: string): Problem {
  const detail = "A session token can't create another one. Sign in to the console instead.";
  return problem({ status: 403, code: "session_token_not_allowed", detail, instance });
}

/** The user isn't active in any team. */
export function noTeam(instance: string): Problem {
  const detail = "You aren't in any team yet. Ask a team admin to invite you.";
  return problem({ status: 403, code: "no_team", detail, instance });
}

/** The user has several teams and named none. */
export function teamRequired(instance: string): Problem {
  const detail = "Send the team's slug in the X-Team header.";
  return problem({ status: 400, code: "team_required", detail, instance });
}
