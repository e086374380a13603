import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";

const ownerUrl = process.env.TEST_OWNER_DATABASE_URL;

/**
 * The tests' database as the owner of its tables, with rights that the console lacks: renaming teams, deleting
 * permanent rows. Connects on first use.
 */
export const ownerDb = new PrismaClient({ adapter: new PrismaPg({ connectionString: ownerUrl, max: 2 }) });

/** A connection as the owner, for changing tables and damaging the audit log. End it when done. */
export async function connectAsOwner(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  return client;
}
