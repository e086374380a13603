import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { nameOrEnds } from "@/lib/api-keys/key-label";
import type { Actor } from "@/lib/auth/actor";
import { permissionsOf } from "@/lib/auth/permissions";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { calendarText } from "@/lib/calendar/calendar-text";
import { feedSecretHash } from "@/lib/calendar/feeds";
import { databaseNow, db } from "@/lib/database/db";
import { notFound, TooManyRequests } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { whereVisible } from "@/lib/insights/where-visible";
import { countFailedAttempt } from "@/lib/verification/failed-attempts";

/** The next expiries; a calendar of more would be of no use. */
const MAX_KEYS = 1_000;

const activeMember = { removedAt: null, disabledAt: null, user: { disabledAt: null } };

/**
 * The calendar that a link's secret opens (RFC 5545), with the keys that its member can view now. Throws `not_found` for an
 * unknown or revoked link, and for one whose member left or is disabled.
 */
export async function readCalendar(secret: string | null, context: RequestContext): Promise<string> {
  const feed = await findFeed(secret);
  if (!feed) {
    const seconds = countFailedAttempt(context.ip);
    if (seconds !== null) throw new TooManyRequests("Too many unknown calendar links from your network.", seconds);
    throw notFound("calendar");
  }
  await consumeRateLimit("calendar_reads", feed.id);
  const now = await databaseNow();
  const { member, memberId, scope } = feed;
  const actor: Actor = {
    ...context,
    ...{ memberId, now, userId: member.user.id, name: member.user.name },
    ...{ teamId: member.team.id, roleName: member.role.name, permissions: permissionsOf(member.role) },
  };
  return calendarText(member.team, await readExpiries(actor, scope === "team" ? {} : ownKeys(memberId)), now);
}

async function findFeed(secret: string | null) {
  const secretHash = feedSecretHash(secret);
  if (!secretHash) return null;
  return db.calendarFeed.findFirst({
    where: { secretHash, member: activeMember },
    select: {
      id: true,
      scope: true,
      memberId: true,
      member: {
        select: {
          user: { select: { id: true, name: true } },
          team: { select: { id: true, slug: true, name: true } },
          role: { select: { name: true, grantsAll: true, permissions: true } },
        },
      },
    },
  });
}

const ownKeys = (memberId: string): Prisma.ApiKeyWhereInput => ({
  OR: [{ memberId }, { responsibleMemberId: memberId }],
});

async function readExpiries(actor: Actor, which: Prisma.ApiKeyWhereInput) {
  const keys = await db.apiKey.findMany({
    where: { AND: [whereVisible(actor), which, { revokedAt: null, expiresAt: { gt: actor.now } }] },
    orderBy: [{ expiresAt: "asc" }, { id: "asc" }],
    take: MAX_KEYS,
    select: { id: true, name: true, tokenStart: true, tokenLastFour: true, expiresAt: true },
  });
  return keys.flatMap(({ id, expiresAt, ...key }) => (expiresAt ? [{ id, label: nameOrEnds(key), expiresAt }] : []));
}
