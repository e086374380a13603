import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { type Holder, holder, holderSelect } from "@/lib/insights/holder";
import { REVIEW_LISTS, type ReviewListName } from "@/lib/insights/review-lists";
import { findReviewed } from "@/lib/insights/review-queries";
import { maySeeAllKeys } from "@/lib/insights/where-visible";
import { listKeysThatBreakPolicy } from "@/lib/policies/list-keys-that-break-policy";

/** Keys shown per list, and the limit for counting: beyond that, the count is "200+". */
const SHOWN = 15;
const COUNTED = 200;

/**
 * A key to review. `address` is its newest IP address, and `breaches` how it breaks the policy, each only in the
 * corresponding list.
 */
export type ReviewedKey = ApiKeyDto & {
  holder: Holder | null;
  address: { ip: string; userAgent: string | null; firstAt: string } | null;
  breaches: string[];
};

/** `count` stops at {@link COUNTED} + 1. */
export type ReviewList = { name: ReviewListName; count: number; hasMore: boolean; keys: ReviewedKey[] };

export type Review = { lists: ReviewList[]; coversTeam: boolean };

/** The active keys to review, by reason; the whole team's for actors who can see all its keys. */
export async function readReview(actor: Actor, now = actor.now): Promise<Review> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const coversTeam = maySeeAllKeys(actor);
  const [breaking, ids] = await Promise.all([
    coversTeam ? listKeysThatBreakPolicy(actor, { limit: SHOWN }) : { total: 0, keys: [] },
    findReviewed(actor, now, COUNTED + 1),
  ]);
  const shown = REVIEW_LISTS.flatMap((name) => ids[name].slice(0, SHOWN));
  const [keys, addresses] = await Promise.all([
    readKeys(actor, [...new Set([...shown, ...breaking.keys.map(({ id }) => id)])], now),
    readNewestAddresses(actor, ids.new_addresses.slice(0, SHOWN)),
  ]);
  const lists = REVIEW_LISTS.map(
    (name): ReviewList => ({
      name,
      count: Math.min(ids[name].length, COUNTED),
      hasMore: ids[name].length > COUNTED,
      keys: ids[name].slice(0, SHOWN).flatMap((id) => {
        const key = keys.get(id);
        return key ? [{ ...key, address: name === "new_addresses" ? (addresses.get(id) ?? null) : null }] : [];
      }),
    }),
  );
  if (breaking.total > 0) {
    lists.splice(2, 0, {
      name: "breaks_policy",
      count: Math.min(breaking.total, COUNTED),
      hasMore: breaking.total > COUNTED,
      keys: breaking.keys.flatMap(({ id, breaches }) => {
        const key = keys.get(id);
        return key ? [{ ...key, breaches }] : [];
      }),
    });
  }
  return { coversTeam, lists };
}

async function readKeys(actor: Actor, ids: string[], now: Date): Promise<Map<string, ReviewedKey>> {
  const rows = await db.apiKey.findMany({
    where: { teamId: actor.teamId, id: { in: ids } },
    select: { ...apiKeySelect, member: { select: holderSelect }, responsibleMember: { select: holderSelect } },
  });
  return new Map(
    rows.map((row) => {
      const person = row.member ?? row.responsibleMember;
      return [row.id, { ...apiKeyDto(row, now), holder: person && holder(person), address: null, breaches: [] }];
    }),
  );
}

async function readNewestAddresses({ teamId }: Actor, keyIds: string[]) {
  const rows = await db.$queryRaw<
    { key_id: string; ip: string; user_agent: string | null; first_at: Date }[]
  >(Prisma.sql`
    select distinct on (key_id) key_id, ip, user_agent, first_at
    from api_key_addresses a join api_keys k on k.id = a.key_id and k.team_id = ${teamId}::uuid
    where key_id = any(${keyIds}::uuid[]) order by key_id, first_at desc, ip`);
  return new Map(
    rows.map(({ key_id, ip, user_agent, first_at }) => [
      key_id,
      { ip, userAgent: user_agent, firstAt: first_at.toISOString() },
    ]),
  );
}
