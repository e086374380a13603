import "server-only";
import { KEY_KINDS, type KeyKind, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import type { KeyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { pool } from "@/lib/database/db";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { notFound } from "@/lib/errors";
import { pageOf } from "@/lib/http/page-cursor";
import { sqlConfirmedAddress } from "@/lib/members/confirmed-address";
import { type KeyJson, type KeyRow, keyJson } from "@/lib/rest/key-json";
import { type ListKeysInput, uuidSchema } from "@/lib/rest/schemas";

/** One page, newest first, and where the next begins; null on the last. */
export type KeyPage = { keys: KeyJson[]; nextCursor: string | null };

const COLUMNS = `k.id, k.name, k.kind, k.token_start, k.token_last_four, k.scopes, k.resource, k.allowed_ips, k.created_at,
  k.expires_at, k.revoked_at, u.last_used_at, m.id as member_id, p.name as member_name,
  ${sqlConfirmedAddress("p", "m")} as member_email,
  (k.member_id is not null and (m.disabled_at is not null or m.removed_at is not null or p.disabled_at is not null))
    as member_inactive, r.grants_all as role_grants_all, r.permissions as role_permissions,
  t.id as team_id, t.name as team_name, k.rotated_from_id, s.id as rotated_to_id`;

const JOINS = `join teams t on t.id = k.team_id
  left join api_key_usage u on u.key_id = k.id
  left join api_keys s on s.rotated_from_id = k.id
  left join (members m join users p on p.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id`;

const READ_ONE = preparedStatement(
  "rest-read-key",
  `select ${COLUMNS} from api_keys k ${JOINS} where k.id = $1 and k.team_id = $2`,
);

/**
 * A key of the actor's own, of their team where they manage its keys, or of another member where they may revoke it.
 * Every other is `not_found`.
 */
export async function readKey(actor: Actor, id: string): Promise<KeyJson> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  const [row] = await runPrepared<KeyRow>(pool, READ_ONE, [id, actor.teamId]);
  if (!row) throw notFound("API key");
  const isOwn = row.member_id === actor.memberId;
  if (row.kind === "team" ? !can(actor, MANAGE_KEYS.team) : !isOwn && !can(actor, REVOKE_OTHERS_KEYS)) {
    throw notFound("API key");
  }
  if (isOwn) authorize(actor, MANAGE_KEYS.personal, REVOKE_OTHERS_KEYS);
  return keyJson(row, actor.now);
}

/** A page of the keys that {@link readKey} would show. Asking for those of somebody else without the right is `forbidden`. */
export async function listKeys(actor: Actor, input: ListKeysInput): Promise<KeyPage> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  const { now } = actor;
  const query = new Query();
  const filters = [...filtersOf(input, now, query), ...positionOf(input, query)];
  const most = query.bind(input.limit + 1);
  const inOrder = `order by created_at desc, id desc limit ${most}`;
  // Each group of keys has an index in this order; the database would walk none of them for both at once.
  const groups = groupsFor(actor, input).map((group) => {
    const where = [`team_id = ${query.bind(actor.teamId)}`, ...group.map((part) => part(query)), ...filters];
    return `(select * from api_keys where ${where.join(" and ")} ${inOrder})`;
  });
  const text = `select ${COLUMNS} from (select * from (${groups.join(" union all ")}) each_group ${inOrder}) k
    ${JOINS} order by k.created_at desc, k.id desc`;
  const [found] = await Promise.all([
    runPrepared<KeyRow>(pool, preparedStatement("rest-list-keys", text), query.values),
    checkMember(actor, input.owner),
  ]);
  const page = { after: input.cursor ?? null, before: null };
  const { rows, older } = pageOf(found, page, input.limit, ({ created_at, id }) => ({ at: created_at, id }));
  return { keys: rows.map((row) => keyJson(row, now)), nextCursor: older };
}

/** A statement's values, in the order of their `$n`. */
class Query {
  readonly values: unknown[] = [];
  bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

type Group = ((query: Query) => string)[];

const ofKind =
  (kind: KeyKind): Group[number] =>
  () =>
    `kind = '${kind}'`;

const ofMember =
  (memberId: string): Group[number] =>
  (query) =>
    `member_id = ${query.bind(memberId)}`;

/** The groups of keys that are asked for and that the actor may see. */
function groupsFor(actor: Actor, { owner, kind }: ListKeysInput): Group[] {
  if (owner !== "all") {
    const memberId = owner === "me" ? actor.memberId : owner;
    const isOwn = memberId === actor.memberId;
    authorize(actor, ...(isOwn ? [MANAGE_KEYS.personal] : []), REVOKE_OTHERS_KEYS);
    return kind === "team" ? [[() => "false"]] : [[ofMember(memberId)]];
  }
  if (kind === "team") authorize(actor, MANAGE_KEYS.team);
  if (kind === "personal") authorize(actor, MANAGE_KEYS.personal, REVOKE_OTHERS_KEYS);
  return KEY_KINDS.filter((each) => each === (kind ?? each)).flatMap((each) => groupsOfKind(actor, each));
}

function groupsOfKind(actor: Actor, kind: KeyKind): Group[] {
  if (kind === "personal" && can(actor, REVOKE_OTHERS_KEYS)) return [[ofKind("personal")]];
  if (!can(actor, MANAGE_KEYS[kind])) return [];
  return [kind === "personal" ? [ofMember(actor.memberId)] : [ofKind("team")]];
}

function filtersOf({ q, status }: ListKeysInput, now: Date, query: Query): string[] {
  return [...(status ? [statusIs(status, now, query)] : []), ...(q ? [nameOrPrefixIs(q, query)] : [])];
}

function statusIs(status: KeyStatus, now: Date, query: Query): string {
  if (status === "revoked") return "revoked_at is not null";
  const at = `${query.bind(now)}::timestamptz`;
  return status === "expired"
    ? `revoked_at is null and expires_at <= ${at}`
    : `revoked_at is null and (expires_at is null or expires_at > ${at})`;
}

/** What `whereNameOrPrefix` says for the table. */
function nameOrPrefixIs(q: string, query: Query): string {
  const literal = q.replace(/[\\%_]/g, "\\$&");
  const [start, lastFour] = q.split("…");
  const byPrefix = lastFour
    ? `(token_start = ${query.bind(start)} and token_last_four = ${query.bind(lastFour)})`
    : `token_start like ${query.bind(`${literal}%`)}`;
  return `(name ilike ${query.bind(`%${literal}%`)} or ${byPrefix} or token_last_four = ${query.bind(q)})`;
}

function positionOf({ cursor }: ListKeysInput, query: Query): string[] {
  if (!cursor) return [];
  return [`(created_at, id) < (${query.bind(cursor.at)}::timestamptz, ${query.bind(cursor.id)}::uuid)`];
}

const READ_MEMBER = preparedStatement("rest-read-member", "select 1 from members where id = $1 and team_id = $2");

/** A member of another team is as unknown as one that never was. */
async function checkMember(actor: Actor, owner: ListKeysInput["owner"]): Promise<void> {
  if (owner === "all" || owner === "me" || owner === actor.memberId) return;
  const found = await runPrepared(pool, READ_MEMBER, [owner, actor.teamId]);
  if (found.length === 0) throw notFound("member");
}
