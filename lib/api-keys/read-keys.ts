import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { SQL_COLUMNS } from "@/lib/api-keys/columns";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import type { Actor } from "@/lib/auth/actor";
import { pool, type Transaction } from "@/lib/database/db";
import { type PreparedStatement, preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { sqlConfirmedAddress } from "@/lib/members/confirmed-address";
import { memoize } from "@/lib/text/memoize";

const { sql, raw } = Prisma;

/** A key with its owner and team. */
export type KeyRecord = ApiKeyRow & {
  /** Empty until confirmed; null for a team key. */
  ownerEmail: string | null;
  team: { id: string; name: string };
};

// Large tables are read in subqueries, so that PostgreSQL uses their indexes whatever number of keys it estimates:
// "offset 0" prevents a plan that reads all of a team's rows.
const COLUMNS = `${SQL_COLUMNS},
  (select s.id from api_keys s where s.rotated_from_id = k.id) as "successorId",
  (select u.last_used_at from api_key_usage u where u.key_id = k.id) as "lastUsedAt",
  m.id as "ownerId", m.disabled_at as "disabledAt", m.removed_at as "removedAt", o.name as "ownerName",
  ${sqlConfirmedAddress("o", "m")} as "ownerEmail", o.disabled_at as "accountDisabledAt", r.grants_all as "grantsAll",
  array_to_string(r.permissions, ' ') as permissions, p.id as "responsibleId", p.name as "responsibleName",
  t.id as "teamId", t.name as "teamName"`;

const JOINS = `
  join teams t on t.id = k.team_id
  left join (members m join users o on o.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id
  left join lateral (
    select n.id, u.name from members n join users u on u.id = n.user_id where n.id = k.responsible_member_id offset 0
  ) p on true`;

/** Selects keys from `source`, rows of `api_keys` with the alias `k`; run it with {@link runSelect}. */
export const selectKeys = (source: Prisma.Sql) => sql`select ${raw(COLUMNS)} from ${source} ${raw(JOINS)}`;

const READ = preparedStatement(
  "read-keys",
  `${
    selectKeys(
      raw(`unnest($2::uuid[]) with ordinality as wanted(id, place)
        join lateral (select * from api_keys where id = wanted.id offset 0) k on k.team_id = $1`),
    ).text
  } order by wanted.place`,
);

/** The keys of the actor's team with these ids, in this order. The caller must have authorized the actor. */
export async function readKeys(actor: Actor, wanted: { id: string }[]): Promise<KeyRecord[]> {
  return wanted.length === 0 ? [] : runSelect(READ, [actor.teamId, wanted.map(({ id }) => id)]);
}

/** The same, as DTOs. */
export async function readKeyDtos(actor: Actor, wanted: { id: string }[]): Promise<ApiKeyDto[]> {
  return (await readKeys(actor, wanted)).map((key) => apiKeyDto(key, actor.now));
}

/** A key of the team inside a transaction, or null. `where` is a condition on a row of `api_keys`. */
export async function readKeyRow(tx: Transaction, { teamId }: Actor, where: Prisma.Sql): Promise<KeyRecord | null> {
  const source = sql`(select * from api_keys where team_id = ${teamId}::uuid and ${where}) k`;
  const [row] = await tx.$queryRaw<Row[]>(selectKeys(source));
  return row ? keyRecord(row) : null;
}

/** The same for a key that the transaction has just written. */
export async function readWrittenKey(tx: Transaction, actor: Actor, id: string): Promise<KeyRecord> {
  const key = await readKeyRow(tx, actor, sql`id = ${id}::uuid`);
  if (!key) throw new Error("a key that was just written is gone");
  return key;
}

/** Runs a statement of {@link selectKeys}. */
export async function runSelect(statement: PreparedStatement, values: unknown[]): Promise<KeyRecord[]> {
  return (await runPrepared<Row>(pool, statement, values)).map(keyRecord);
}

type Row = Omit<KeyRecord, "member" | "responsibleMember" | "rotatedTo" | "usage" | "team"> & {
  successorId: string | null;
  lastUsedAt: Date | null;
  ownerId: string | null;
  disabledAt: Date | null;
  removedAt: Date | null;
  ownerName: string;
  accountDisabledAt: Date | null;
  grantsAll: boolean;
  permissions: string | null;
  responsibleId: string | null;
  responsibleName: string;
  teamId: string;
  teamName: string;
};

function keyRecord(row: Row): KeyRecord {
  const { ownerId, disabledAt, removedAt, ownerName, accountDisabledAt, grantsAll, permissions, lastUsedAt } = row;
  return {
    ...row,
    member: ownerId
      ? {
          id: ownerId,
          disabledAt,
          removedAt,
          user: { name: ownerName, disabledAt: accountDisabledAt },
          role: { grantsAll, permissions: listOf(permissions ?? "") },
        }
      : null,
    ownerEmail: ownerId && row.ownerEmail,
    responsibleMember: row.responsibleId ? { id: row.responsibleId, user: { name: row.responsibleName } } : null,
    rotatedTo: row.successorId ? { id: row.successorId } : null,
    usage: lastUsedAt && { lastUsedAt },
    team: { id: row.teamId, name: row.teamName },
  };
}

/** Memoized, because the keys of a page share few roles. */
const listOf = memoize((text) => text.split(" "));
