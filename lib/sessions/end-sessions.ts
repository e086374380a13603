import "server-only";
import { recordInTeams } from "@/lib/account/record-in-teams";
import { inTransaction } from "@/lib/database/db";
import { notFound } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Ends this session; its cookie is denied from now on. */
export async function signOut(session: LiveSession, context: RequestContext): Promise<void> {
  await endSessions(session, context, "session.signed_out");
}

/** Ends all of the user's sessions, including this one. */
export async function signOutEverywhere(session: LiveSession, context: RequestContext): Promise<void> {
  await endSessions(session, context, "session.signed_out_everywhere");
}

/** Ends all other sessions of the user; returns their number. */
export async function signOutElsewhere(session: LiveSession, context: RequestContext): Promise<{ sessions: number }> {
  return endSessions(session, context, "session.signed_out_elsewhere");
}

/** Ends one of the user's sessions; another user's session or an ended one is not found. */
export async function signOutOf(session: LiveSession, context: RequestContext, { id }: { id: string }): Promise<void> {
  await endSessions(session, context, "session.signed_out", id);
}

type Ending = "session.signed_out" | "session.signed_out_everywhere" | "session.signed_out_elsewhere";

async function endSessions(
  session: LiveSession,
  context: RequestContext,
  action: Ending,
  chosenId?: string,
): Promise<{ sessions: number }> {
  const which = {
    "session.signed_out": { id: chosenId ?? session.id },
    "session.signed_out_everywhere": {},
    "session.signed_out_elsewhere": { id: { not: session.id } },
  }[action];
  return inTransaction(async (tx, now) => {
    const { count: sessions } = await tx.session.updateMany({
      where: { userId: session.user.id, endedAt: null, ...which },
      data: { endedAt: now },
    });
    if (chosenId && sessions === 0) throw notFound("session");
    const target = { type: "session" as const, id: chosenId ?? session.id, label: session.user.name };
    await recordInTeams(tx, session, context, { action, target, details: { sessions } });
    return { sessions };
  });
}
