import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";

const CONNECT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 15_000;
const POOL_SIZE = 10;

function connect() {
  const pool = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    application_name: "latchkey",
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => log.warn({ err: error.message }, "database connection lost"));
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Fifty people at one lock must wait for each other rather than fail.
    transactionOptions: { maxWait: 10_000, timeout: 10_000 },
  });
  onShutdown(async () => {
    await prisma.$disconnect();
    await pool.end();
  });
  return { pool, prisma };
}

// Next evaluates a module once per bundle layer; the pool must still be one.
const shared = globalThis as { latchkeyDatabase?: ReturnType<typeof connect> };
shared.latchkeyDatabase ??= connect();

export const pool = shared.latchkeyDatabase.pool;
export const db = shared.latchkeyDatabase.prisma;

/** A Prisma client inside a transaction: what operations hand to the functions they call. */
export type Transaction = Omit<typeof db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;
