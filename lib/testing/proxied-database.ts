import pg from "pg";
import { afterAll, beforeEach } from "vitest";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

/**
 * A scratch database that the console connects to through a proxy, which is open at the start of each test. Call it
 * before importing `lib/database`. `direct` is the owner's connection; it bypasses the proxy.
 */
export async function openProxiedDatabase() {
  const serverUrl = process.env.DATABASE_URL ?? "";
  const scratch = await createScratchDatabase();
  const proxy = new DatabaseProxy(scratch.url);
  await proxy.open();
  process.env.DATABASE_URL = proxy.url;
  const direct = new pg.Client({ connectionString: scratch.ownerUrl });
  await direct.connect();
  beforeEach(() => proxy.open());
  afterAll(async () => {
    await proxy.cut();
    await direct.end();
    process.env.DATABASE_URL = serverUrl;
    await scratch.drop();
  });
  return { scratch, proxy, direct };
}
