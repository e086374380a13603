import pg from "pg";
import { afterAll, beforeEach } from "vitest";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

/**
 * A scratch database behind a proxy that is open as each test begins, and that the console connects through: call it
 * before anything of `lib` is imported. `direct` is a connection of the owner's, past the proxy.
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
