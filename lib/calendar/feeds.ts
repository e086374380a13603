import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { AuditAction } from "@/lib/audit/actions";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { FEED_PERMISSIONS, FEED_SCOPES, type FeedScope } from "@/lib/calendar/feed-scopes";
import { db, inTransaction, type Transaction } from "@/lib/database/db";
import { appUrl } from "@/lib/env";
import { notFound } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";

export const feedScopeSchema = z.strictObject({ scope: z.enum(FEED_SCOPES) });
type FeedScopeInput = z.output<typeof feedScopeSchema>;

const SECRET = /^[\w-]{43}$/;

/** The stored hash of a link's secret; null if malformed. 256 random bits need no salt or slow hash. */
export function feedSecretHash(secret: string | null): Buffer<ArrayBuffer> | null {
  return secret !== null && SECRET.test(secret) ? Buffer.from(createHash("sha256").update(secret).digest()) : null;
}

/** `createdAt` is null if the member has no link to this calendar. */
export type FeedState = { scope: FeedScope; createdAt: string | null };

/** The calendars that the member may subscribe to, and those that they have a link to. */
export async function listFeeds(actor: Actor): Promise<FeedState[]> {
  const feeds = await db.calendarFeed.findMany({
    where: { memberId: actor.memberId },
    select: { scope: true, createdAt: true },
  });
  return FEED_SCOPES.flatMap((scope) => {
    const createdAt = feeds.find((feed) => feed.scope === scope)?.createdAt.toISOString() ?? null;
    return createdAt || can(actor, ...FEED_PERMISSIONS[scope]) ? [{ scope, createdAt }] : [];
  });
}

/** Creates the member's link to a calendar, which replaces an earlier one. Its secret is returned once, never stored. */
export async function createFeed(actor: Actor, { scope }: FeedScopeInput): Promise<{ url: string }> {
  authorize(actor, ...FEED_PERMISSIONS[scope]);
  await consumeRateLimit("calendar_links", actor.userId);
  const secret = randomBytes(32).toString("base64url");
  const secretHash = feedSecretHash(secret);
  if (!secretHash) throw new Error("a new secret is malformed");
  await inTransaction(async (tx, now) => {
    await lockMember(tx, actor, ...FEED_PERMISSIONS[scope]);
    const { memberId } = actor;
    const { count } = await tx.calendarFeed.deleteMany({ where: { memberId, scope } });
    await tx.calendarFeed.create({ data: { memberId, scope, secretHash, createdAt: now } });
    await recordFeed(tx, actor, "calendar_link.created", { scope, ...(count > 0 && { replaces: "the link before" }) });
  });
  return { url: `${appUrl()}/api/calendar.ics?secret=${secret}` };
}

/** Revokes the member's own link, which needs no permission. Calendars that use it get 404 from then on. */
export async function revokeFeed(actor: Actor, { scope }: FeedScopeInput): Promise<null> {
  await inTransaction(async (tx) => {
    const { count } = await tx.calendarFeed.deleteMany({ where: { memberId: actor.memberId, scope } });
    if (count === 0) throw notFound("calendar link");
    await recordFeed(tx, actor, "calendar_link.revoked", { scope });
  });
  return null;
}

function recordFeed(tx: Transaction, actor: Actor, action: AuditAction, details: Record<string, string>) {
  const target = { type: "member" as const, id: actor.memberId, label: actor.name };
  return recordAudit(tx, { teamId: actor.teamId, action, actor, target, details });
}
