import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Transaction } from "@/lib/database/db";

const { sql, raw } = Prisma;

/**
 * Locks the rows that meet a condition until the transaction ends, in the order of their IDs, which prevents deadlocks.
 * Except with `update`, other transactions can still insert rows that reference them. Read in a separate statement
 * after this one: a statement that waits for a lock continues with other tables' rows from before the wait.
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
 * Takes a named lock until the transaction ends, exclusively or shared. Returns the database's time after the lock was
 * granted.
 */
export async function lockName(tx: Transaction, name: string, mode: "exclusive" | "shared"): Promise<Date> {
  const take = mode === "exclusive" ? sql`pg_advisory_xact_lock` : sql`pg_advisory_xact_lock_shared`;
  const [row] = await tx.$queryRaw<[{ now: Date }]>`
    select clock_timestamp() as now from ${take}(hashtextextended(${name}, 0))`;
  return row.now;
}
