import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
import { leavesCommitOpen, OutcomeUnknown } from "@/lib/database-away";
import { openPool } from "@/lib/database-pool";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";

const LIMITS = { connections: 10, connectTimeoutMs: 3_000, queryTimeoutMs: 15_000 };

const shared = processWide("database", () => {
  const pool = openPool(LIMITS);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Fifty people at one lock must wait for each other rather than fail.
    transactionOptions: { maxWait: 10_000, timeout: 10_000 },
  });
  onShutdown(() => prisma.$disconnect());
  return { pool, prisma };
});

export const pool = shared.pool;
export const db = shared.prisma;

/** PostgreSQL ended the transaction in favour of another; running it again is what it asks for. */
const WORTH_ANOTHER_TRY = /\b(40P01|40001)\b|deadlock detected|write conflict or a deadlock/i;
const MAX_TRIES = 4;

/**
 * Runs `change` in a transaction: all of it commits or nothing. Where two changes wait for each other in a circle,
 * PostgreSQL ends one, and that is run again; so `change` must do nothing but database work. Throws
 * {@link OutcomeUnknown} when the connection is lost just while it commits.
 */
export async function inTransaction<Result>(change: (tx: Transaction) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    let isCommitting = false;
    try {
      return await db.$transaction(async (tx) => {
        const result = await change(tx);
        isCommitting = true;
        return result;
      });
    } catch (error) {
      if (isCommitting && leavesCommitOpen(error)) throw new OutcomeUnknown(error);
      if (tries === MAX_TRIES || !WORTH_ANOTHER_TRY.test(String(error))) throw error;
    }
  }
}

/** A Prisma client inside a transaction: what operations hand to the functions they call. */
export type Transaction = Omit<typeof db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;
