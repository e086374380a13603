import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Transaction } from "@/lib/database/db";

const { sql, raw } = Prisma;

/**
 * Locks the rows that meet a condition until the transaction ends, in the order of their ids, so that two transactions
 * never wait for each other in a circle. Rows of other tables may still come to refer to them, except with `update`.
 * Read after this, not with it: a statement that waits for a lock goes on with the other tables as they were before.
 */
export async function lockRows(
  tx: Transaction,
  table: "api_keys" | "members" | "roles" | "users",
  where: Prisma.Sql,
  strength: "no key update" | "update" = "no key update",
): Promise<void> {
  await tx.$queryRaw`select 1 from ${raw(table)} where ${where} order by id for ${raw(strength)}`;
}

/**
 * Takes the lock of a name until the transaction ends: `alone`, or `shared` with all that take it likewise. Returns the
 * database's time as of when the lock was held.
 */
export async function lockName(tx: Transaction, name: string, mode: "alone" | "shared"): Promise<Date> {
  const take = mode === "alone" ? sql`pg_advisory_xact_lock` : sql`pg_advisory_xact_lock_shared`;
  const [row] = await tx.$queryRaw<[{ now: Date }]>`
    select clock_timestamp() as now from ${take}(hashtextextended(${name}, 0))`;
  return row.now;
}
