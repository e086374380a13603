import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { inTransaction } from "@/lib/db";
import type { RequestContext } from "@/lib/request-context";
import { ABSOLUTE_TIMEOUT_MS } from "@/lib/sessions/session-limits";

type SignedInUser = { id: string; name: string; members: { teamId: string }[] };

/**
 * Starts a session for a user whose password was right and ends the one the browser held before
 * (ASVS 5.0, 7.2.4). Returns the new session's id.
 */
export async function createSession(
  user: SignedInUser,
  context: RequestContext,
  previousSessionId: string | null,
): Promise<string> {
  return inTransaction(async (tx) => {
    const now = new Date();
    if (previousSessionId) {
      await tx.session.updateMany({ where: { id: previousSessionId, endedAt: null }, data: { endedAt: now } });
    }
    const session = await tx.session.create({
      data: {
        userId: user.id,
        expiresAt: new Date(now.getTime() + ABSOLUTE_TIMEOUT_MS),
        ip: context.ip,
        userAgent: context.userAgent,
      },
      select: { id: true },
    });
    await recordAudit(
      tx,
      ...user.members.map(({ teamId }) => ({
        teamId,
        action: "session.signed_in" as const,
        actor: { userId: user.id, name: user.name, ...context },
        target: { type: "session" as const, id: session.id, label: user.name },
      })),
    );
    return session.id;
  });
}
