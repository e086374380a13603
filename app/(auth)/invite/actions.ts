"use server";

import { type ActionResult, failure } from "@/lib/action-result";
import { currentSession } from "@/lib/auth/current-actor";
import { requestContext } from "@/lib/auth/request-context";
import { AppError } from "@/lib/errors";
import { acceptInvitation, acceptWithNewAccount, type Joined } from "@/lib/invitations/accept-invitation";
import { newAccountSchema } from "@/lib/invitations/schemas";

/** Adds the signed-in user to the code's team. */
export async function acceptInvitationAction(code: unknown): Promise<ActionResult<Joined>> {
  try {
    const session = await currentSession();
    if (!session) throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
    return { ok: true, data: await acceptInvitation(code, session.user.id, await requestContext()) };
  } catch (error) {
    return failure(error);
  }
}

/** Creates an account and adds it to the code's team. */
export async function acceptWithNewAccountAction(code: unknown, input: unknown): Promise<ActionResult<Joined>> {
  try {
    return {
      ok: true,
      data: await acceptWithNewAccount(code, newAccountSchema.parse(input), await requestContext()),
    };
  } catch (error) {
    return failure(error);
  }
}
