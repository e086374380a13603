import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";
import { isOutcomeUnknown, OutcomeUnknown } from "@/lib/database/database-away";
import { openPool, type PoolLimits } from "@/lib/database/database-pool";
import { noteChange } from "@/lib/database/latest-change";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";

const READ_LIMITS = { connections: 10, connectTimeoutMs: 3_000, queryTimeoutMs: 15_000 };
/** Far longer than the lock timeout: once earlier changes finish or time out, a connection is free. */
const CHANGE_LIMITS = { ...READ_LIMITS, connectTimeoutMs: 12_000 };

/**
 * How long a change waits for a locked row: long enough for as many sequential changes as there are connections, and
 * short enough to fail with a message before the user gives up.
 */
const LOCK_TIMEOUT = "4s";

const shared = processWide("database", () => ({ reads: open(READ_LIMITS), changes: open(CHANGE_LIMITS) }));

function open(limits: PoolLimits) {
  const pool = openPool(limits);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Fifty concurrent users of one lock must queue, not fail.
    transactionOptions: { maxWait: 12_000, timeout: 10_000 },
  });
  onShutdown(() => prisma.$disconnect());
  return { pool, prisma };
}

/** For reads, which wait for no lock: pages and sessions stay readable while changes wait. */
export const pool = shared.reads.pool;
export const db = shared.reads.prisma;

/** For tests; use {@link runChange} for single writing statements. */
export const changePool = shared.changes.pool;

/** Runs a single writing statement, with the {@link LOCK_TIMEOUT} of changes. */
export async function runChange<Row extends pg.QueryResultRow>(
  text: string,
  values: unknown[] = [],
): Promise<pg.QueryResult<Row>> {
  const client = await changePool.connect();
  try {
    await client.query(`begin; set local lock_timeout = '${LOCK_TIMEOUT}'`);
    const result = await client.query<Row>(text, values);
    await client.query("commit");
    client.release();
    noteChange();
    return result;
  } catch (error) {
    noteChange(error);
    // Closed, so that nothing of its transaction remains.
    client.release(true);
    throw error;
  }
}

/** PostgreSQL aborted the transaction in favor of another and expects a retry. */
const RETRYABLE = /\b(40P01|40001)\b|deadlock detected|write conflict or a deadlock/i;
const MAX_TRIES = 4;

/**
 * Runs `change` in a transaction. `now` is the database's time, used for all decisions. After a deadlock or
 * serialization failure the transaction is retried, so `change` must do nothing but database work. Fails if a row stays
 * locked, and throws {@link OutcomeUnknown} if the connection is lost during the commit.
 */
export async function inTransaction<Result>(change: (tx: Transaction, now: Date) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    let isCommitting = false;
    try {
      const made = await shared.changes.prisma.$transaction(async (tx) => {
        const result = await change(tx, await begin(tx));
        isCommitting = true;
        return result;
      });
      noteChange();
      return made;
    } catch (error) {
      noteChange(error);
      if (isCommitting && isOutcomeUnknown(error)) throw new OutcomeUnknown(error);
      if (tries === MAX_TRIES || !RETRYABLE.test(String(error))) throw error;
    }
  }
}

/** The database's time, for decisions outside a transaction and without a session. */
export async function databaseNow(): Promise<Date> {
  const [row] = await db.$queryRaw<[{ now: Date }]>`select now()`;
  return row.now;
}

/** Sets the timeout for this transaction only, because a pooler reuses the connection. */
async function begin(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`select now(), set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`;
  return row.now;
}

/** A Prisma client inside a transaction, passed by operations to the functions they call. */
export type Transaction = Omit<typeof db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;
