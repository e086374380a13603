import "server-only";
import { cookies } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache } from "react";
import { recordRefusal } from "@/lib/audit/record-refusal";
import { type Actor, actorIn } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { requestContext } from "@/lib/auth/request-context";
import { authCookieOptions, sessionCookieName, sessionSecretFromCookie } from "@/lib/auth/session-cookie";
import { AppError, notFound as notFoundError } from "@/lib/errors";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { canBeSlug } from "@/lib/teams/team-slug";

/** The live session of the request being served, or null; read once a request. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const secret = await sessionSecretFromCookie(cookie);
  return secret ? readSession(secret) : null;
});

/** Takes the session cookie out of the browser; the session itself must have been ended before. */
export async function dropSessionCookie(): Promise<void> {
  (await cookies()).set(sessionCookieName(), "", { ...authCookieOptions(), maxAge: 0 });
}

/** For pages: the session, or a redirect to sign-in that comes back here. */
export async function requireSession(returnTo: string): Promise<LiveSession> {
  const session = await currentSession();
  if (session) return session;
  redirect(`/sign-in?callbackUrl=${encodeURIComponent(returnTo)}`);
}

/**
 * For pages: who acts in the team of the URL. A team that does not exist and one the user does not
 * belong to are both "not found"; who has none of the permissions asked for gets 403.
 */
export async function requireActor(teamSlug: string, returnTo: string, ...anyOf: ConsolePermission[]): Promise<Actor> {
  // Before asking for a sign-in, which would promise that there is a page behind `/wp-login.php`.
  if (!canBeSlug(teamSlug)) notFound();
  const session = await requireSession(returnTo);
  const actor = actorIn(session, teamSlug, await requestContext());
  if (!actor) notFound();
  if (anyOf.length > 0 && !can(actor, ...anyOf)) {
    await recordRefusal(actor, `Opening ${returnTo.split("?")[0]}`);
    forbidden();
  }
  return actor;
}

/** For actions: the same, as errors that become results. */
export async function actorForAction(teamSlug: unknown): Promise<Actor> {
  const session = await currentSession();
  if (!session) throw new AppError("unauthenticated", "You have been signed out. Sign in again to go on.");
  const actor = actorIn(session, teamSlug, await requestContext());
  if (!actor) throw notFoundError("team");
  return actor;
}
