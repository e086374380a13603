import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { db } from "@/lib/db";
import type { RequestContext } from "@/lib/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Ends this one session: its cookie is refused from now on, wherever it is replayed. */
export async function signOut(session: LiveSession, context: RequestContext): Promise<void> {
  await endSessions(session, context, "session.signed_out");
}

/** Ends every session of the user, this one included. */
export async function signOutEverywhere(session: LiveSession, context: RequestContext): Promise<void> {
  await endSessions(session, context, "session.signed_out_everywhere");
}

async function endSessions(
  session: LiveSession,
  context: RequestContext,
  action: "session.signed_out" | "session.signed_out_everywhere",
): Promise<void> {
  const { user } = session;
  const which = action === "session.signed_out" ? { id: session.id } : { userId: user.id };
  await db.$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { ...which, endedAt: null },
      data: { endedAt: new Date() },
    });
    await recordAudit(
      tx,
      ...user.members.map(({ team }) => ({
        teamId: team.id,
        action,
        actor: { userId: user.id, name: user.name, ...context },
        target: { type: "session" as const, id: session.id, label: user.name },
        details: { sessions: count },
      })),
    );
  });
}
