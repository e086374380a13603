import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
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

/** A Prisma client inside a transaction: what operations hand to the functions they call. */
export type Transaction = Omit<typeof db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;
