import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { authorizeList } from "@/lib/api-keys/authorize-list";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { KEY_KINDS, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import type { KeyList } from "@/lib/api-keys/list-choices";
import { selectionOf } from "@/lib/api-keys/list-conditions";
import { encodeListCursor, type ListCursor } from "@/lib/api-keys/list-cursor";
import type { ApiKeyListInput } from "@/lib/api-keys/list-input";
import { PAGE_BOUNDS, walkKeys } from "@/lib/api-keys/list-walk";
import { whereStatus } from "@/lib/api-keys/status";
import { whereManaged } from "@/lib/api-keys/where-managed";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/db";
import { notFound } from "@/lib/errors";

export { type ApiKeyListInput, apiKeyListSchema } from "@/lib/api-keys/list-input";

const PAGE_SIZE = 50;

export type ApiKeyPage = {
  keys: ApiKeyDto[];
  older: string | null;
  newer: string | null;
  /** Whether the page ends where the search gave up for now; it goes on with the next one. */
  isCutShort: boolean;
};

/** A page of the actor's own personal keys, of their team's keys, or of all of the team. */
export async function listApiKeys(actor: Actor, list: KeyList, input: ApiKeyListInput): Promise<ApiKeyPage> {
  authorizeList(actor, list);
  const now = new Date();
  const isFor = (cursor: ListCursor | null) => (cursor?.column === input.sort.column ? cursor : null);
  const before = isFor(input.before);
  const from = before ?? isFor(input.after);
  const { places, rest } = await walkKeys({
    selection: selectionOf(actor, list, input, now),
    sort: input.sort,
    from,
    isBackwards: before !== null,
    limit: PAGE_SIZE + 1,
    bounds: PAGE_BOUNDS,
  });
  const shown = places.slice(0, PAGE_SIZE);
  const ahead = places.length > PAGE_SIZE ? shown.at(-1) : rest;
  // Back from a page without keys, to where it began.
  const behind = from && (shown[0] ?? { ...from, isIncluded: !from.isIncluded });
  if (before) shown.reverse();
  const [older, newer] = before ? [behind, ahead] : [ahead, behind];
  return {
    keys: await readKeys(actor, shown, now),
    older: older ? encodeListCursor(older) : null,
    newer: newer ? encodeListCursor(newer) : null,
    isCutShort: rest !== null,
  };
}

async function readKeys(actor: Actor, places: ListCursor[], now: Date): Promise<ApiKeyDto[]> {
  const ids = places.map(({ id }) => id);
  if (ids.length === 0) return [];
  const rows = await db.apiKey.findMany({ where: { teamId: actor.teamId, id: { in: ids } }, select: apiKeySelect });
  const byId = new Map(rows.map((row) => [row.id, apiKeyDto(row, now)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** How many keys are active: a number, "1,000+", or null where counting would take longer than it is worth. */
export type ActiveCount = number | "1,000+" | null;

const MOST_COUNTED = 1_000;
const MOST_LOOKED_AT = 5_000;

/** How many of these keys are active now, and whether there ever was one. */
export async function countApiKeys(actor: Actor, list: KeyList): Promise<{ active: ActiveCount; hasAny: boolean }> {
  authorizeList(actor, list);
  const where = list === "all" ? { teamId: actor.teamId } : whereManaged(actor, list);
  if (list === "personal") {
    const [active, any] = await Promise.all([
      db.apiKey.count({ where: { ...where, ...whereStatus("active", new Date()) } }),
      db.apiKey.findFirst({ where, select: { id: true } }),
    ]);
    return { active, hasAny: any !== null };
  }
  const newest = await db.$queryRaw<[{ active: number; walked: number }]>`
    select count(*)::int as walked,
      (count(*) filter (where revoked_at is null and (expires_at is null or expires_at > now())))::int as active
    from (
      select revoked_at, expires_at from api_keys
      where team_id = ${actor.teamId}::uuid ${list === "team" ? Prisma.sql`and kind = 'team'` : Prisma.empty}
      order by created_at desc, id desc
      limit ${MOST_LOOKED_AT}
    ) k`;
  const { active, walked } = newest[0];
  const isAll = walked < MOST_LOOKED_AT;
  const counted = isAll && active <= MOST_COUNTED ? active : active >= MOST_COUNTED ? "1,000+" : null;
  return { active: counted, hasAny: walked > 0 };
}

/** When a key that is the actor's to manage was last used; null for never. */
export async function readLastUse(actor: Actor, id: string): Promise<string | null> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const key = await db.apiKey.findFirst({
    where: { id, OR: KEY_KINDS.map((kind) => whereManaged(actor, kind)) },
    select: { kind: true, usage: { select: { lastUsedAt: true } } },
  });
  if (!key) throw notFound("API key");
  authorize(actor, MANAGE_KEYS[key.kind]);
  return key.usage?.lastUsedAt.toISOString() ?? null;
}
