import "server-only";
import { type Actor, actorIn } from "@/lib/auth/actor";
import { sessionSecretFromHeader } from "@/lib/auth/session-cookie";
import { notFound } from "@/lib/errors";
import { Refused } from "@/lib/http/error-problem";
import { contextOf } from "@/lib/http/request-context";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import { presentedCredential } from "@/lib/rest/presented-credential";
import { apiKeyNotAllowed, badSessionToken, cookieOnly, noTeam, notSignedIn, teamRequired } from "@/lib/rest/refusals";
import { sessionOfToken } from "@/lib/session-tokens/session-of-token";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { instanceOf, malformedToken } from "@/lib/verification/refusals";

const TEAM_HEADER = "x-team";

/**
 * The actor of a key management request: the user of its session token or, without one, of its session cookie.
 * `Authorization` takes precedence, so that a program that sends an API key learns that keys aren't accepted here,
 * whatever cookie it also sends. Throws {@link Refused}, or `not_found` for a team that isn't the user's.
 */
export async function actorOf(request: Request): Promise<Actor> {
  const session = await sessionOf(request);
  if (session.user.members.length === 0) throw new Refused(noTeam(instance(request)));
  const slug = request.headers.get(TEAM_HEADER) ?? onlyTeamOf(session);
  if (slug === undefined) throw new Refused(teamRequired(instance(request)));
  const actor = actorIn(session, slug, contextOf(request.headers));
  if (!actor) throw notFound("team");
  return actor;
}

async function sessionOf(request: Request): Promise<LiveSession> {
  const presented = presentedCredential(request.headers.get("authorization"));
  switch (presented.kind) {
    case "none":
      return sessionOfCookie(request);
    case "session_token": {
      const session = await sessionOfToken(presented.token);
      if (session) return session;
      throw new Refused(badSessionToken(instance(request)));
    }
    case "unknown":
      throw new Refused(badSessionToken(instance(request)));
    case "malformed":
      throw new Refused(malformedToken(instance(request)));
    case "api_key":
      throw new Refused(apiKeyNotAllowed(instance(request)));
  }
}

/** The browser's session, for operations that don't accept a session token. */
export async function browserSessionOf(request: Request): Promise<LiveSession> {
  const { kind } = presentedCredential(request.headers.get("authorization"));
  if (kind === "session_token") throw new Refused(cookieOnly(instance(request)));
  return sessionOf(request);
}

async function sessionOfCookie(request: Request): Promise<LiveSession> {
  const secret = await sessionSecretFromHeader(request.headers.get("cookie"));
  const session = secret ? await readSession(secret) : null;
  if (session) return session;
  throw new Refused(notSignedIn(instance(request)));
}

function onlyTeamOf({ user: { members } }: LiveSession): string | undefined {
  return members.length === 1 ? members[0]?.team.slug : undefined;
}

const instance = (request: Request) => instanceOf(request.headers.get(REQUEST_ID_HEADER));
