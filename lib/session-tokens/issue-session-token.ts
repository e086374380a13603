import "server-only";
import { lockUser } from "@/lib/account/lock-user";
import { hashToken, newSecret } from "@/lib/api-keys/token";
import { recordAudit } from "@/lib/audit/record";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { SESSION_TOKEN_PREFIX } from "@/lib/session-tokens/token";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Lifetime of a session token, limited by its session's. */
export const SESSION_TOKEN_LIFETIME_MS = 3_600_000;

/** The token in plaintext: returned once, never stored. */
export type IssuedSessionToken = { token: string; expiresAt: Date };

/**
 * Creates a token with which a program calls the REST API as the session's user until the session ends. It is recorded
 * in the audit log of each of the user's teams. Throws `unauthenticated` if the session has ended or the user was
 * disabled.
 */
export async function issueSessionToken(session: LiveSession, context: RequestContext): Promise<IssuedSessionToken> {
  await consumeRateLimit("session_tokens", session.user.id);
  const token = newSecret(SESSION_TOKEN_PREFIX);
  const expiresAt = await inTransaction(async (tx, now) => {
    // A password change deletes the session's tokens; the lock keeps a concurrent one from surviving.
    const user = await lockUser(tx, session.user.id);
    const parent = await tx.session.findFirst({
      where: { id: session.id, endedAt: null, expiresAt: { gt: now } },
      select: { expiresAt: true },
    });
    if (!parent || !user || user.disabledAt)
      throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
    const end = new Date(Math.min(now.getTime() + SESSION_TOKEN_LIFETIME_MS, parent.expiresAt.getTime()));
    await tx.sessionToken.create({
      data: { sessionId: session.id, tokenHash: hashToken(token), createdAt: now, expiresAt: end },
    });
    await recordAudit(
      tx,
      ...session.user.members.map(({ team }) => ({
        teamId: team.id,
        action: "session_token.created" as const,
        actor: { userId: session.user.id, name: session.user.name, ...context },
        target: { type: "session" as const, id: session.id, label: session.user.name },
        details: { expires_at: end.toISOString() },
      })),
    );
    return end;
  });
  return { token, expiresAt };
}
