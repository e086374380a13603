import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";

type LockedUser = { name: string; passwordHash: string | null; disabledAt: Date | null };

/**
 * Locks a user's row until the transaction ends and returns its current state, so that a decision based on the password
 * can't race with its change. Lock it before the user's sessions; null if there is no such user.
 */
export async function lockUser(tx: Transaction, userId: string): Promise<LockedUser | null> {
  await lockRows(tx, "users", Prisma.sql`id = ${userId}::uuid`);
  return tx.user.findUnique({ where: { id: userId }, select: { name: true, passwordHash: true, disabledAt: true } });
}
