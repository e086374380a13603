import "server-only";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { pool } from "@/lib/database/db";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { sqlConfirmedAddress } from "@/lib/members/confirmed-address";

type Row = {
  id: string;
  kind: KeyKind;
  name: string | null;
  token_start: string;
  token_last_four: string;
  owner: string | null;
  owner_email: string | null;
  responsible: string | null;
  scopes: string[];
  resource: string | null;
  allowed_ips: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
};

// One statement for all of them, by the primary keys alone: an export reads a hundred thousand. "offset 0" keeps
// PostgreSQL from reading all of a team's keys for each part of them.
const READ = preparedStatement(
  "export-api-keys",
  `select k.id, k.kind, k.name, k.token_start, k.token_last_four, p.name as owner,
      ${sqlConfirmedAddress("p", "m")} as owner_email,
      q.name as responsible, k.scopes, k.resource, k.allowed_ips, k.created_at, k.expires_at, k.revoked_at, u.last_used_at
    from unnest($2::uuid[]) with ordinality as wanted(id, place)
      join lateral (select * from api_keys where id = wanted.id offset 0) k on k.team_id = $1
      left join (members m join users p on p.id = m.user_id) on m.id = k.member_id
      left join (members r join users q on q.id = r.user_id) on r.id = k.responsible_member_id
      left join api_key_usage u on u.key_id = k.id
    order by wanted.place`,
);

/** The columns of an exported key, in their order. */
export const EXPORTED_COLUMNS = [
  "id",
  "kind",
  "name",
  "prefix",
  "last_four",
  "owner",
  "owner_email",
  "responsible",
  "scopes",
  "resource",
  "allowed_ips",
  "status",
  "created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
] as const;

/** A key as a file tells of it; times are ISO 8601 in UTC. */
export type ExportedKey = ReturnType<typeof exportedKey>;

/** These keys of the actor's team, in the order in which they are asked for. The caller has authorised. */
export async function readExportedKeys(actor: Actor, ids: string[], now: Date): Promise<ExportedKey[]> {
  const rows = await runPrepared<Row>(pool, READ, [actor.teamId, ids]);
  return rows.map((row) => exportedKey(row, now));
}

const exportedKey = (row: Row, now: Date) =>
  ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    prefix: row.token_start,
    last_four: row.token_last_four,
    owner: row.owner,
    owner_email: row.owner === null ? null : row.owner_email,
    responsible: row.responsible,
    scopes: row.scopes,
    resource: row.resource,
    allowed_ips: row.allowed_ips,
    status: keyStatus({ revokedAt: row.revoked_at, expiresAt: row.expires_at }, now),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }) satisfies Record<(typeof EXPORTED_COLUMNS)[number], unknown>;
