import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { findPastedKey, type PastedKey } from "@/lib/api-keys/find-pasted-key";
import { KEY_KINDS, type KeyKind, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { authorizeList } from "@/lib/api-keys/list/authorize-list";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import { selectionOf } from "@/lib/api-keys/list/list-conditions";
import { type ListCursor, listCursor } from "@/lib/api-keys/list/list-cursor";
import type { ApiKeyListInput } from "@/lib/api-keys/list/list-input";
import { PAGE_BOUNDS, walkKeys } from "@/lib/api-keys/list/list-walk";
import { readKeyDtos } from "@/lib/api-keys/read-keys";
import { ENDS_AT, sqlActive } from "@/lib/api-keys/status";
import { whereManaged } from "@/lib/api-keys/where-managed";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { notFound } from "@/lib/errors";

export { type ApiKeyListInput, apiKeyListSchema } from "@/lib/api-keys/list/list-input";

const PAGE_SIZE = 50;

export type ApiKeyPage = {
  keys: ApiKeyDto[];
  older: string | null;
  newer: string | null;
  /** Whether the search stopped at its bounds before the page was full; the next page continues it. */
  isCutShort: boolean;
  /** The key of a pasted token, if it isn't on this page. */
  pasted: PastedKey | null;
};

/** A page of the actor's personal keys, of team keys, or of all keys of the team. */
export async function listApiKeys(actor: Actor, list: KeyList, input: ApiKeyListInput): Promise<ApiKeyPage> {
  authorizeList(actor, list);
  const { now } = actor;
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
  // A page without keys leads back to where it began.
  const behind = from && (shown[0] ?? { ...from, isIncluded: !from.isIncluded });
  if (before) shown.reverse();
  const [older, newer] = before ? [behind, ahead] : [ahead, behind];
  return {
    keys: await readKeyDtos(actor, shown),
    pasted: input.hash && shown.length === 0 ? await findPastedKey(actor, input.hash) : null,
    older: older ? listCursor.encode(older) : null,
    newer: newer ? listCursor.encode(newer) : null,
    isCutShort: rest !== null,
  };
}

/** The number of active keys, capped to bound the count's cost. */
export type ActiveCount = number | "1,000+";

const MOST_COUNTED = 1_000;

/**
 * The number of active keys of a list, and whether it has any keys. `active` is null for the actor's own keys, for which
 * screens show the number that counts toward the quota.
 */
export async function countApiKeys(
  actor: Actor,
  list: KeyList,
): Promise<{ active: ActiveCount | null; hasAny: boolean }> {
  authorizeList(actor, list);
  const ofList = list === "all" ? Prisma.empty : Prisma.sql`and k.kind = ${list}::api_key_kind`;
  const isOwn = list === "personal" ? Prisma.sql`and k.member_id = ${actor.memberId}::uuid` : Prisma.empty;
  // With `order by`, PostgreSQL uses an index; `exists` would drop it, and could scan the whole table.
  const any = Prisma.sql`
    select true from api_keys k
    where k.team_id = ${actor.teamId}::uuid ${ofList} ${isOwn}
    order by k.created_at desc, k.id desc limit 1`;
  const count = list === "personal" ? Prisma.sql`null::int` : countOfActive(actor, list === "all" ? KEY_KINDS : [list]);
  const [row] = await db.$queryRaw<{ active: number | null; hasAny: true | null }[]>`
    select ${count} as active, (${any}) as "hasAny"`;
  const counted = row?.active ?? null;
  return { active: counted !== null && counted > MOST_COUNTED ? "1,000+" : counted, hasAny: row?.hasAny ?? false };
}

/** Reads at most the limit per kind, in the order of the index of active keys. */
function countOfActive(actor: Actor, kinds: readonly KeyKind[]): Prisma.Sql {
  const ofKinds = kinds.map(
    (kind) => Prisma.sql`(
      select from api_keys k
      where k.team_id = ${actor.teamId}::uuid and k.kind = ${kind}::api_key_kind and ${sqlActive(actor.now)}
      order by ${ENDS_AT} limit ${MOST_COUNTED + 1})`,
  );
  return Prisma.sql`(select count(*)::int from (${Prisma.join(ofKinds, " union all ")}) k)`;
}

/** The last use of a key that the actor manages; null for never. */
export async function readLastUse(actor: Actor, id: string): Promise<string | null> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const team = can(actor, MANAGE_KEYS.team) ? [whereManaged(actor, "team")] : [];
  const key = await db.apiKey.findFirst({
    where: { id, OR: [whereManaged(actor, "personal"), ...team] },
    select: { kind: true, usage: { select: { lastUsedAt: true } } },
  });
  if (!key) throw notFound("API key");
  authorize(actor, MANAGE_KEYS[key.kind]);
  return key.usage?.lastUsedAt.toISOString() ?? null;
}
