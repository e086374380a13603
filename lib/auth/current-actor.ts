import "server-only";
import { cookies } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache } from "react";
import { recordRefusal } from "@/lib/audit/record-refusal";
import { type Actor, actorIn } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { requestContext } from "@/lib/auth/request-context";
import { authCookieOptions, sessionCookieName, sessionSecretFromCookie } from "@/lib/auth/session-cookie";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { canBeSlug } from "@/lib/teams/team-slug";

/** The live session of the current request, or null; read once per request. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const secret = await sessionSecretFromCookie(cookie);
  return secret ? readSession(secret) : null;
});

/** Removes the session cookie from the browser. End the session first. */
export async function dropSessionCookie(): Promise<void> {
  (await cookies()).set(sessionCookieName(), "", { ...authCookieOptions(), maxAge: 0 });
}

/** For pages: the session, or a redirect to sign-in that returns here. */
export async function requireSession(returnTo: string): Promise<LiveSession> {
  const session = await currentSession();
  if (session) return session;
  redirect(`/sign-in?callbackUrl=${encodeURIComponent(returnTo)}`);
}

/**
 * For pages: the actor in the team of the URL. A missing team and one the user doesn't belong to are both 404; without
 * any of the given permissions, it is 403.
 */
export async function requireActor(teamSlug: string, returnTo: string, ...anyOf: ConsolePermission[]): Promise<Actor> {
  // Before the redirect to sign-in, which would suggest that a page exists behind `/wp-login.php`.
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
