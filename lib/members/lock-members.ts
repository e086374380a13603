import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";

/** Locks members of a team. IDs of other teams lock nothing; otherwise one team could block another's changes. */
export function lockMembers(tx: Transaction, teamId: string, ...memberIds: string[]): Promise<void> {
  return lockRows(tx, "members", Prisma.sql`team_id = ${teamId}::uuid and id = any(${memberIds}::uuid[])`);
}
