import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { KEY_KINDS, type KeyKind, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { runSelect, selectKeys } from "@/lib/api-keys/read-keys";
import { sqlSearch } from "@/lib/api-keys/sql-search";
import { sqlStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { pool } from "@/lib/database/db";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { notFound } from "@/lib/errors";
import { pageOf } from "@/lib/http/page-cursor";
import { type KeyJson, keyJson } from "@/lib/rest/key-json";
import { type ListKeysInput, uuidSchema } from "@/lib/rest/schemas";

const { sql, raw, join } = Prisma;

/** One page, newest first, with the next page's cursor; null on the last. */
export type KeyPage = { keys: KeyJson[]; nextCursor: string | null };

const READ_ONE = preparedStatement(
  "rest-read-key",
  `${selectKeys(sql`api_keys k`).text} where k.id = $1 and k.team_id = $2`,
);

/**
 * A key of the actor, of their team if they manage its keys, or of another member if they may revoke it. All others are
 * `not_found`.
 */
export async function readKey(actor: Actor, id: string): Promise<KeyJson> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  const [key] = await runSelect(READ_ONE, [id, actor.teamId]);
  if (!key) throw notFound("API key");
  const isOwn = key.member?.id === actor.memberId;
  if (key.kind === "team" ? !can(actor, MANAGE_KEYS.team) : !isOwn && !can(actor, REVOKE_OTHERS_KEYS)) {
    throw notFound("API key");
  }
  if (isOwn) authorize(actor, MANAGE_KEYS.personal, REVOKE_OTHERS_KEYS);
  return keyJson(key, actor.now);
}

/**
 * A page of the keys that {@link readKey} would return. Listing another member's keys without the permission is
 * `forbidden`.
 */
export async function listKeys(actor: Actor, input: ListKeysInput): Promise<KeyPage> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  const { now } = actor;
  const { text, values } = selectPage(actor, input);
  const [found] = await Promise.all([
    runSelect(preparedStatement("rest-list-keys", text), values),
    checkMember(actor, input.owner),
  ]);
  const page = { after: input.cursor ?? null, before: null };
  const { rows, older } = pageOf(found, page, input.limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  return { keys: rows.map((key) => keyJson(key, now)), nextCursor: older };
}

function selectPage(actor: Actor, input: ListKeysInput): Prisma.Sql {
  const inOrder = sql`order by k.created_at desc, k.id desc limit ${input.limit + 1}`;
  const isAskedFor = [sql`k.team_id = ${actor.teamId}`, ...filtersOf(input, actor.now), ...positionOf(input)];
  // Each group has an index in this order; the database wouldn't use one for both at once. The index alone tells a key's
  // status, so that the keys of other statuses are passed over without reading the table.
  const groups = groupsFor(actor, input).map(
    (isInGroup) =>
      sql`(select k.id, k.created_at from api_keys k where ${join([isInGroup, ...isAskedFor], " and ")} ${inOrder})`,
  );
  const page = sql`(select * from (${join(groups, " union all ")}) k ${inOrder}) page
    join lateral (select * from api_keys where id = page.id offset 0) k on true`;
  return sql`${selectKeys(page)} order by k.created_at desc, k.id desc`;
}

const ofKind = (kind: KeyKind) => sql`k.kind = ${raw(`'${kind}'`)}`;
const ofMember = (memberId: string) => sql`k.member_id = ${memberId}`;

/** The requested groups of keys that the actor can see, as conditions on a row `k`. */
function groupsFor(actor: Actor, { owner, kind }: ListKeysInput): Prisma.Sql[] {
  if (owner !== "all") {
    const memberId = owner === "me" ? actor.memberId : owner;
    const isOwn = memberId === actor.memberId;
    authorize(actor, ...(isOwn ? [MANAGE_KEYS.personal] : []), REVOKE_OTHERS_KEYS);
    return [kind === "team" ? sql`false` : ofMember(memberId)];
  }
  if (kind === "team") authorize(actor, MANAGE_KEYS.team);
  if (kind === "personal") authorize(actor, MANAGE_KEYS.personal, REVOKE_OTHERS_KEYS);
  return KEY_KINDS.filter((each) => each === (kind ?? each)).flatMap((each) => groupOfKind(actor, each));
}

function groupOfKind(actor: Actor, kind: KeyKind): Prisma.Sql[] {
  if (kind === "personal" && can(actor, REVOKE_OTHERS_KEYS)) return [ofKind("personal")];
  if (!can(actor, MANAGE_KEYS[kind])) return [];
  return [kind === "personal" ? ofMember(actor.memberId) : ofKind("team")];
}

function filtersOf({ q, status }: ListKeysInput, now: Date): Prisma.Sql[] {
  return [...(status ? [sqlStatus(status, now)] : []), ...(q ? [sqlSearch(q)] : [])];
}

function positionOf({ cursor }: ListKeysInput): Prisma.Sql[] {
  return cursor ? [sql`(k.created_at, k.id) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`] : [];
}

const READ_MEMBER = preparedStatement("rest-read-member", "select 1 from members where id = $1 and team_id = $2");

/** Another team's member and an unknown one are the same. */
async function checkMember(actor: Actor, owner: ListKeysInput["owner"]): Promise<void> {
  if (owner === "all" || owner === "me" || owner === actor.memberId) return;
  const found = await runPrepared(pool, READ_MEMBER, [owner, actor.teamId]);
  if (found.length === 0) throw notFound("member");
}
