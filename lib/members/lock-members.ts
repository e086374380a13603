import "server-only";
import type { Transaction } from "@/lib/database/db";

/**
 * Locks members of a team in the order of their ids, which is the same for everybody: two that lock the same pair don't
 * wait in a circle. Ids of other teams lock nothing, or one team could hold up another's changes.
 */
export async function lockMembers(tx: Transaction, teamId: string, ...memberIds: string[]): Promise<void> {
  await tx.$queryRaw`
    select 1 from members where team_id = ${teamId}::uuid and id = any(${memberIds}::uuid[])
    order by id for no key update`;
}
