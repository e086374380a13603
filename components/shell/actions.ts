"use server";

import { currentSession, dropSessionCookie } from "@/lib/auth/actor";
import { requestContext } from "@/lib/auth/request-context";
import { signOut, signOutEverywhere } from "@/lib/sessions/end-sessions";

/** Ends this session on the server, then drops its cookie. */
export async function signOutAction(): Promise<void> {
  const session = await currentSession();
  if (session) await signOut(session, await requestContext());
  await dropSessionCookie();
}

/** Ends every session of the user on the server. */
export async function signOutEverywhereAction(): Promise<void> {
  const session = await currentSession();
  if (session) await signOutEverywhere(session, await requestContext());
  await dropSessionCookie();
}
