import "server-only";
import { db } from "@/lib/database/db";
import { describeDevice } from "@/lib/sessions/describe-device";
import type { LiveSession } from "@/lib/sessions/read-session";
import { ABSOLUTE_TIMEOUT_MS, IDLE_TIMEOUT_MS } from "@/lib/sessions/session-limits";

const MAX_SHOWN = 100;

export type SessionDto = {
  id: string;
  device: string;
  ip: string | null;
  createdAt: string;
  lastSeenAt: string;
  isThisOne: boolean;
};

/** The user's active sessions: the current one first, then by last use. */
export async function listSessions({ id: ownId, now, user }: LiveSession): Promise<SessionDto[]> {
  const sessions = await db.session.findMany({
    where: {
      userId: user.id,
      endedAt: null,
      expiresAt: { gt: now },
      createdAt: { gt: new Date(now.getTime() - ABSOLUTE_TIMEOUT_MS) },
      lastSeenAt: { gt: new Date(now.getTime() - IDLE_TIMEOUT_MS) },
    },
    orderBy: [{ lastSeenAt: "desc" }, { id: "asc" }],
    take: MAX_SHOWN,
    select: { id: true, ip: true, userAgent: true, createdAt: true, lastSeenAt: true },
  });
  return sessions
    .map(({ id, ip, userAgent, createdAt, lastSeenAt }) => ({
      id,
      device: describeDevice(userAgent),
      ip,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      isThisOne: id === ownId,
    }))
    .sort((a, b) => Number(b.isThisOne) - Number(a.isThisOne));
}
