import "server-only";
import { lockUser } from "@/lib/account/lock-user";
import { hashToken, newSecret } from "@/lib/api-keys/token";
import { recordAudit } from "@/lib/audit/record";
import { takeTurn } from "@/lib/auth/rate-limits";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { SESSION_TOKEN_PREFIX } from "@/lib/session-tokens/token";
import type { LiveSession } from "@/lib/sessions/read-session";

/** How long a session token lives; never longer than its session. */
export const SESSION_TOKEN_LIFETIME_MS = 3_600_000;

/** A token in plaintext: returned once, and never stored. */
export type IssuedSessionToken = { token: string; expiresAt: Date };

/**
 * Makes a token by which a program calls the REST API as the person of this session, and ends with it. Each of the
 * person's teams finds it in its audit log. Throws `unauthenticated` when the session has ended or its person was disabled
 * meanwhile.
 */
export async function issueSessionToken(session: LiveSession, context: RequestContext): Promise<IssuedSessionToken> {
  await takeTurn("session_tokens", session.user.id);
  const token = newSecret(SESSION_TOKEN_PREFIX);
  const expiresAt = await inTransaction(async (tx, now) => {
    // A password change deletes the session's tokens: none may be made beside it and escape.
    const user = await lockUser(tx, session.user.id);
    const parent = await tx.session.findFirst({
      where: { id: session.id, endedAt: null, expiresAt: { gt: now } },
      select: { expiresAt: true },
    });
    if (!parent || !user || user.disabledAt)
      throw new AppError("unauthenticated", "You have been signed out. Sign in again to go on.");
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
