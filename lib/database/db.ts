import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";
import { leavesCommitOpen, OutcomeUnknown } from "@/lib/database/database-away";
import { openPool, type PoolLimits } from "@/lib/database/database-pool";
import { noteChange } from "@/lib/database/latest-change";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";

const READ_LIMITS = { connections: 10, connectTimeoutMs: 3_000, queryTimeoutMs: 15_000 };
/** Far longer than a lock is waited for: when those in front have theirs or give up, a connection comes free. */
const CHANGE_LIMITS = { ...READ_LIMITS, connectTimeoutMs: 12_000 };

/**
 * How long a change waits for a row that somebody else has locked: longer than as many changes as there are connections
 * need one after the other, and short enough to fail with a sentence before its user gives up.
 */
const LOCK_TIMEOUT = "4s";

const shared = processWide("database", () => ({ reads: open(READ_LIMITS), changes: open(CHANGE_LIMITS) }));

function open(limits: PoolLimits) {
  const pool = openPool(limits);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Fifty people at one lock must wait for each other rather than fail.
    transactionOptions: { maxWait: 12_000, timeout: 10_000 },
  });
  onShutdown(() => prisma.$disconnect());
  return { pool, prisma };
}

/** For reads, which wait for no lock: pages and sessions can be read while every change waits. */
export const pool = shared.reads.pool;
export const db = shared.reads.prisma;

/** For tests; single statements that write go through {@link runChange}. */
export const changePool = shared.changes.pool;

/** Runs a single statement that writes; like a change, it doesn't wait for a lock longer than {@link LOCK_TIMEOUT}. */
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
    // Closed, so that nothing of its transaction is left.
    client.release(true);
    throw error;
  }
}

/** PostgreSQL ended the transaction in favour of another; running it again is what it asks for. */
const WORTH_ANOTHER_TRY = /\b(40P01|40001)\b|deadlock detected|write conflict or a deadlock/i;
const MAX_TRIES = 4;

/**
 * Runs `change` in a transaction: all of it commits or nothing. `now` is the database's clock, by which everything is
 * decided. Where two changes wait for each other in a circle, PostgreSQL ends one, and that is run again; so `change` must
 * do nothing but database work. Fails where a row stays locked by somebody else, and throws {@link OutcomeUnknown} when
 * the connection is lost just while it commits.
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
      if (isCommitting && leavesCommitOpen(error)) throw new OutcomeUnknown(error);
      if (tries === MAX_TRIES || !WORTH_ANOTHER_TRY.test(String(error))) throw error;
    }
  }
}

/** The database's clock, for what is decided outside of a transaction and without a session. */
export async function databaseNow(): Promise<Date> {
  const [row] = await db.$queryRaw<[{ now: Date }]>`select now()`;
  return row.now;
}

/** The timeout is the transaction's own, because a pooler gives the connection to others afterwards. */
async function begin(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`select now(), set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`;
  return row.now;
}

/** A Prisma client inside a transaction: what operations hand to the functions they call. */
export type Transaction = Omit<typeof db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;
