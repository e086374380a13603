"use server";

import { type ActionResult, failure } from "@/lib/action-result";
import { currentSession, dropSessionCookie } from "@/lib/auth/current-actor";
import { requestContext } from "@/lib/auth/request-context";
import { signOut, signOutEverywhere } from "@/lib/sessions/end-sessions";

/** Ends this session on the server, then deletes its cookie. */
export async function signOutAction(): Promise<ActionResult<null>> {
  return leave(signOut);
}

/** Ends all of the user's sessions on the server. */
export async function signOutEverywhereAction(): Promise<ActionResult<null>> {
  return leave(signOutEverywhere);
}

/** If the session can't be ended, the cookie stays, so that the user doesn't appear to be signed out. */
async function leave(end: typeof signOut): Promise<ActionResult<null>> {
  try {
    const session = await currentSession();
    if (session) await end(session, await requestContext());
    await dropSessionCookie();
    return { ok: true, data: null };
  } catch (error) {
    return failure(error);
  }
}
