"use server";

import { changeName } from "@/lib/account/change-name";
import { changePassword } from "@/lib/account/change-password";
import { confirmByMail, mailConfirmation } from "@/lib/account/confirm-address";
import {
  changeNameSchema,
  changePasswordSchema,
  confirmationCodeSchema,
  nothingSchema,
  sessionIdSchema,
} from "@/lib/account/schemas";
import { rememberBrowser } from "@/lib/auth/known-browser-cookie";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { signOutElsewhere, signOutOf } from "@/lib/sessions/end-sessions";
import { runAccountAction } from "./run-account-action";

export async function changeNameAction(input: unknown) {
  return runAccountAction(changeNameSchema, input, changeName);
}

export async function changePasswordAction(input: unknown) {
  return runAccountAction(changePasswordSchema, input, async (session, context, input) => {
    const changed = await changePassword(session, context, input);
    // The new password made all browsers unknown; this one belongs to the user who set it.
    await rememberBrowser(session.user.id);
    return changed;
  });
}

export async function mailConfirmationAction() {
  return runAccountAction(nothingSchema, {}, mailConfirmation);
}

export async function confirmByMailAction(input: unknown) {
  return runAccountAction(confirmationCodeSchema, input, confirmByMail);
}

export async function signOutOfAction(input: unknown) {
  return runAccountAction(sessionIdSchema, input, signOutOf);
}

export async function signOutElsewhereAction() {
  return runAccountAction(nothingSchema, {}, signOutElsewhere);
}

/** The token is only in this result. */
export async function makeSessionTokenAction() {
  return runAccountAction(nothingSchema, {}, async (session, context) => {
    const { token, expiresAt } = await issueSessionToken(session, context);
    return { token, expiresAt: expiresAt.toISOString() };
  });
}
