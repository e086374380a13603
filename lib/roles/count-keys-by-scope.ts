import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { sqlActive } from "@/lib/api-keys/status";
import { db } from "@/lib/database/db";

/** The holders: all members with a role, or one member. */
export type KeyHolders = { roleId: string } | { memberId: string };

/** The number of these holders' active personal keys with each of the scopes. */
export async function countKeysByScope(
  teamId: string,
  holders: KeyHolders,
  scopes: string[],
): Promise<Map<string, number>> {
  if (scopes.length === 0) return new Map();
  const rows = await db.$queryRaw<{ scope: string; keys: number }[]>`
    select held.scope, count(*)::int as keys
    from members m
      join api_keys k on k.member_id = m.id
      cross join lateral (select distinct unnest(k.scopes) as scope) held
    where ${isActiveKeyOf(teamId, holders)} and held.scope = any (${scopes}::text[])
    group by held.scope`;
  return new Map(rows.map(({ scope, keys }) => [scope, keys]));
}

/** The number of their active personal keys with at least one of the scopes. */
export async function countKeysWithAny(teamId: string, holders: KeyHolders, scopes: string[]): Promise<number> {
  if (scopes.length === 0) return 0;
  const [row] = await db.$queryRaw<{ keys: number }[]>`
    select count(*)::int as keys
    from members m join api_keys k on k.member_id = m.id
    where ${isActiveKeyOf(teamId, holders)} and k.scopes && ${scopes}::text[]`;
  return row?.keys ?? 0;
}

function isActiveKeyOf(teamId: string, holders: KeyHolders): Prisma.Sql {
  const isTheirs =
    "roleId" in holders
      ? Prisma.sql`m.role_id = ${holders.roleId}::uuid`
      : Prisma.sql`m.id = ${holders.memberId}::uuid`;
  return Prisma.sql`m.team_id = ${teamId}::uuid and ${isTheirs} and m.removed_at is null
    and k.kind = 'personal' and ${sqlActive()}`;
}
