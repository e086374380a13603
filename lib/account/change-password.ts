import "server-only";
import { recordInTeams } from "@/lib/account/record-in-teams";
import type { ChangePasswordInput } from "@/lib/account/schemas";
import { checkNewPassword, hashPassword, isPasswordRight } from "@/lib/auth/passwords";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { type Attempt, clearFailures, countFailure, takeAttempt } from "@/lib/auth/sign-in-throttle";
import { db, inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/**
 * Changes the user's password, and ends all their other sessions and this session's tokens. A wrong current password
 * counts as a failed sign-in to the account, so that an open session can't be used for guessing (ASVS 5.0, 6.3.1).
 * Returns the number of other sessions ended.
 */
export async function changePassword(
  session: LiveSession,
  context: RequestContext,
  { current, password }: ChangePasswordInput,
): Promise<{ endedSessions: number }> {
  const { user } = session;
  checkNewPassword(password, user.email);
  await consumeRateLimit("account_changes", user.id);
  // Counted per session: failures elsewhere must not block a password change while somebody is guessing.
  const attempt = { email: user.email, ip: context.ip, browser: session.id };
  await takeOneAttempt(attempt);
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await isPasswordRight(current, passwordHash, "known"))) {
    await countFailure(user.email);
    throw wrong("current", "This isn't your current password.");
  }
  await clearFailures(attempt);
  if (password === current) throw wrong("password", "This is your current password. Choose another.");

  const newHash = await hashPassword(password, "known");
  const endedSessions = await inTransaction(async (tx, now) => {
    // Only if the password is still the one that was checked: of two concurrent changes, the second has checked an old
    // one.
    const { count } = await tx.user.updateMany({
      where: { id: user.id, passwordHash, disabledAt: null },
      data: { passwordHash: newHash },
    });
    if (count === 0) throw new AppError("conflict", "Your password has just been changed elsewhere.");
    if ((await tx.session.count({ where: { id: session.id, endedAt: null } })) === 0)
      throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
    const others = await tx.session.updateMany({
      where: { userId: user.id, endedAt: null, id: { not: session.id } },
      data: { endedAt: now },
    });
    await tx.sessionToken.deleteMany({ where: { sessionId: session.id } });
    await recordInTeams(tx, session, context, {
      action: "user.password_changed",
      details: { other_sessions_ended: others.count },
    });
    return others.count;
  });
  return { endedSessions };
}

async function takeOneAttempt(attempt: Attempt): Promise<void> {
  const seconds = await takeAttempt(attempt);
  if (seconds === 0) return;
  const minutes = Math.ceil(seconds / 60);
  throw new AppError(
    "limit_reached",
    `Too many wrong passwords. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
  );
}

const wrong = (field: string, reason: string) => new AppError("invalid", reason, { [field]: reason });
