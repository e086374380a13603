import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { overTcp } from "../lib/testing/over-tcp.ts";
import { prepareDataDir } from "./data-dir.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

/**
 * Vitest's global setup: one real, migrated database for all test files, removed at the end. Tests connect with the
 * console's role, so that a missing grant shows; tests that damage things use the owner.
 */
export default async function setUpTestDatabase(): Promise<() => Promise<void>> {
  const dataDir = prepareDataDir(join(tmpdir(), `latchkey-test-${randomUUID()}`));
  const server = await startEmbeddedPostgres(dataDir, { durable: false });
  await migrate(server.urls.owner);
  process.env.DATABASE_URL = overTcp(server.urls.console);
  process.env.TEST_OWNER_DATABASE_URL = overTcp(server.urls.owner);
  process.env.TEST_VERIFIER_DATABASE_URL = overTcp(server.urls.verifier);
  process.env.AUTH_SECRET = "a-secret-for-tests-that-is-long-enough";
  process.env.LOG_LEVEL = "silent";
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  };
}
