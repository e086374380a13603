import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";

const ownerUrl = process.env.TEST_OWNER_DATABASE_URL;

/**
 * The tests' database as the owner of its tables, who may do what the console may not: rename teams, delete rows that
 * stay. It connects when it is first asked.
 */
export const ownerDb = new PrismaClient({ adapter: new PrismaPg({ connectionString: ownerUrl, max: 2 }) });

/** A connection as the owner, for changing tables and breaking the audit log. End it when done. */
export async function connectAsOwner(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  return client;
}
