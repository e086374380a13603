import "server-only";
import { Prisma } from "@/generated/prisma/client";

/**
 * The rows of `api_key_hours` of these keys, as far as they are keys of this team, to select from as `h`. The table has
 * no column for the team: without the join an id of another team's key would do.
 */
export function hoursOfKeys(teamId: string, keyIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`(
    select h.* from api_keys k join api_key_hours h on h.key_id = k.id
    where k.team_id = ${teamId}::uuid and k.id = any(${[...keyIds]}::uuid[])
  ) h`;
}
