import "server-only";
import { Prisma } from "@/generated/prisma/client";

/**
 * Rows of `api_key_hours` for these keys of the team, as a table expression `h`. The table has no team column: without the
 * join, another team's key id would return that key's rows.
 */
export function hoursOfKeys(teamId: string, keyIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`(
    select h.* from api_keys k join api_key_hours h on h.key_id = k.id
    where k.team_id = ${teamId}::uuid and k.id = any(${[...keyIds]}::uuid[])
  ) h`;
}
