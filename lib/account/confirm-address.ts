import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { recordInTeams } from "@/lib/account/record-in-teams";
import type { ConfirmationCodeInput } from "@/lib/account/schemas";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { db, inTransaction } from "@/lib/database/db";
import { appUrl } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { isMailConfigured, sendMail } from "@/lib/mail/send-mail";
import { isAddressConfirmedEverywhere } from "@/lib/members/confirmed-address";
import type { LiveSession } from "@/lib/sessions/read-session";

const LIFETIME_MS = 24 * 3_600_000;

/** `isConfirmed`: by mail, by the operator, or in all of the user's teams. `byMail`: whether a link can be sent. */
export type AddressState = { isConfirmed: boolean; byMail: boolean };

export async function readAddressState({ user }: LiveSession): Promise<AddressState> {
  const { members, ...account } = await db.user.findUniqueOrThrow({
    where: { id: user.id },
    select: {
      email: true,
      confirmedEmail: true,
      members: { where: { removedAt: null }, select: { confirmedEmail: true } },
    },
  });
  return { isConfirmed: isAddressConfirmedEverywhere(account, members), byMail: isMailConfigured() };
}

/**
 * Emails a confirmation link: valid once, for a day, in one of the user's sessions. Replaces earlier links. Throws
 * `conflict` without a mail server, and `unavailable` if it doesn't accept the mail.
 */
export async function mailConfirmation({ user: { id: userId, email } }: LiveSession): Promise<{ email: string }> {
  if (!isMailConfigured()) {
    throw new AppError("conflict", "Email isn't set up. Ask a team admin to confirm your email.");
  }
  await consumeRateLimit("confirmation_mails", userId);
  const code = randomBytes(32).toString("base64url");
  await inTransaction((tx, now) => {
    const row = { email, codeHash: hashOf(code), expiresAt: new Date(now.getTime() + LIFETIME_MS) };
    return tx.emailConfirmation.upsert({ where: { userId }, create: { userId, ...row }, update: row });
  });
  await sendMail({
    to: email,
    subject: "Confirm your email for Latchkey",
    text: `Someone with an account at ${appUrl()} entered this email address as theirs.

If that was you, confirm it:
${appUrl()}/account/confirm-address?code=${code}

The link works once, expires in 24 hours, and works only while you're signed in to that account.
If you don't have an account there, ignore this email: the address stays unconfirmed.
`,
  }).catch(() => {
    throw new AppError("unavailable", "We couldn't send the email. Try again later.");
  });
  return { email };
}

/**
 * Confirms the user's email address with the code from the mail. Requires a session of the user: a recipient without
 * the account must not be able to confirm the address for it. Throws `not_found` for all but the latest code.
 */
export async function confirmByMail(
  session: LiveSession,
  context: RequestContext,
  { code }: ConfirmationCodeInput,
): Promise<null> {
  const { id: userId, email } = session.user;
  await inTransaction(async (tx, now) => {
    const { count } = await tx.emailConfirmation.deleteMany({
      where: { userId, email, codeHash: hashOf(code), expiresAt: { gt: now } },
    });
    const confirmed = await tx.user.updateMany({ where: { id: userId, email }, data: { confirmedEmail: email } });
    if (count === 0 || confirmed.count === 0) {
      const message = "This link has expired, been used, or belongs to another account. Send a new one.";
      throw new AppError("not_found", message);
    }
    await recordInTeams(tx, session, context, { action: "user.address_confirmed", details: { email } });
  });
  return null;
}

const hashOf = (code: string) => Buffer.from(createHash("sha256").update(code).digest());
