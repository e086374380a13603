import "server-only";
import { lockUser } from "@/lib/account/lock-user";
import { recordAudit } from "@/lib/audit/record";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { ABSOLUTE_TIMEOUT_MS, MAX_SESSIONS } from "@/lib/sessions/session-limits";
import { newSessionSecret, sessionSecretHash } from "@/lib/sessions/session-secret";

/** A user whose password was compared with `passwordHash`. */
type SignedInUser = { id: string; name: string; passwordHash: string | null; members: { teamId: string }[] };

/**
 * Starts a session after a successful password check and ends the browser's previous one (ASVS 5.0, 7.2.4). Returns the
 * new session's secret, which isn't stored. Throws `unauthenticated` if the user was disabled or the password changed
 * since the check: a password change ends every session that the old one opened.
 */
export async function createSession(
  user: SignedInUser,
  context: RequestContext,
  previousSecret: string | null,
): Promise<string> {
  const { secret, secretHash } = newSessionSecret();
  await inTransaction(async (tx, now) => {
    const current = await lockUser(tx, user.id);
    if (!current || current.disabledAt || current.passwordHash !== user.passwordHash) {
      throw new AppError("unauthenticated", "Your account has changed. Sign in again.");
    }
    if (previousSecret) {
      const which = { secretHash: sessionSecretHash(previousSecret), endedAt: null };
      await tx.session.updateMany({ where: which, data: { endedAt: now } });
    }
    const session = await tx.session.create({
      data: {
        userId: user.id,
        secretHash,
        expiresAt: new Date(now.getTime() + ABSOLUTE_TIMEOUT_MS),
        ip: context.ip,
        userAgent: context.userAgent,
      },
      select: { id: true },
    });
    await endLeastUsed(tx, user.id, now);
    await recordAudit(
      tx,
      ...user.members.map(({ teamId }) => ({
        teamId,
        action: "session.signed_in" as const,
        actor: { userId: user.id, name: user.name, ...context },
        target: { type: "session" as const, id: session.id, label: user.name },
      })),
    );
  });
  return secret;
}

async function endLeastUsed(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    update sessions set ended_at = ${now} where id in (
      select id from sessions where user_id = ${userId}::uuid and ended_at is null and expires_at > ${now}
      order by last_seen_at desc, created_at desc, id offset ${MAX_SESSIONS}::int)`;
}
