import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";

/** Locks members of a team. Ids of other teams lock nothing, or one team could hold up another's changes. */
export function lockMembers(tx: Transaction, teamId: string, ...memberIds: string[]): Promise<void> {
  return lockRows(tx, "members", Prisma.sql`team_id = ${teamId}::uuid and id = any(${memberIds}::uuid[])`);
}
