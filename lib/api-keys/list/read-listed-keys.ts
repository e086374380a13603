import "server-only";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import type { Actor } from "@/lib/auth/actor";
import { pool } from "@/lib/database/db";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { remembering } from "@/lib/text/remembering";

// One statement for a page of keys and all that they name. What is looked up in a large table is a subquery, so that
// PostgreSQL goes by its index, whatever it thinks of the number of keys: "offset 0" keeps it from reading all of a team's.
const READ = preparedStatement(
  "list-api-keys",
  `select k.id, k.kind, k.name, k.token_start as "tokenStart", k.token_last_four as "tokenLastFour", k.scopes,
      k.resource, k.allowed_ips as "allowedIps", k.created_at as "createdAt", k.expires_at as "expiresAt",
      k.revoked_at as "revokedAt", k.rotated_from_id as "rotatedFromId",
      (select s.id from api_keys s where s.rotated_from_id = k.id) as "successorId",
      (select u.last_used_at from api_key_usage u where u.key_id = k.id) as "lastUsedAt",
      m.id as "ownerId", m.disabled_at as "disabledAt", m.removed_at as "removedAt", o.name as "ownerName",
      o.disabled_at as "accountDisabledAt", r.grants_all as "grantsAll",
      array_to_string(r.permissions, ' ') as permissions,
      p.id as "responsibleId", p.name as "responsibleName"
    from unnest($2::uuid[]) with ordinality as wanted(id, place)
      join lateral (select * from api_keys where id = wanted.id offset 0) k on k.team_id = $1
      left join (members m join users o on o.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id
      left join lateral (
        select n.id, u.name from members n join users u on u.id = n.user_id where n.id = k.responsible_member_id offset 0
      ) p on true
    order by wanted.place`,
);

type Row = Omit<ApiKeyRow, "member" | "responsibleMember" | "rotatedTo" | "usage"> & {
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
};

/** The keys of the actor's team at these places of a list, in their order. The caller has authorised. */
export async function readListedKeys(actor: Actor, places: { id: string }[], now: Date): Promise<ApiKeyDto[]> {
  if (places.length === 0) return [];
  const rows = await runPrepared<Row>(pool, READ, [actor.teamId, places.map(({ id }) => id)]);
  return rows.map((row) => apiKeyDto(keyRow(row), now));
}

function keyRow({
  successorId,
  lastUsedAt,
  ownerId,
  disabledAt,
  removedAt,
  ownerName,
  accountDisabledAt,
  grantsAll,
  permissions,
  responsibleId,
  responsibleName,
  ...key
}: Row): ApiKeyRow {
  return {
    ...key,
    member: ownerId
      ? {
          id: ownerId,
          disabledAt,
          removedAt,
          user: { name: ownerName, disabledAt: accountDisabledAt },
          role: { grantsAll, permissions: listOf(permissions ?? "") },
        }
      : null,
    responsibleMember: responsibleId ? { id: responsibleId, user: { name: responsibleName } } : null,
    rotatedTo: successorId ? { id: successorId } : null,
    usage: lastUsedAt && { lastUsedAt },
  };
}

/** The keys of a page share few roles. */
const listOf = remembering((text) => text.split(" "));
