import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareDataDir } from "./data-dir.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

/**
 * Vitest's global setup: one real, migrated database for all test files, gone when they are done. They connect as the
 * console does, so that a missing grant shows; what breaks things on purpose does it as the owner.
 */
export default async function setUpTestDatabase(): Promise<() => Promise<void>> {
  const dataDir = prepareDataDir(join(tmpdir(), `latchkey-test-${randomUUID()}`));
  const server = await startEmbeddedPostgres(dataDir, { durable: false });
  await migrate(server.urls.owner);
  process.env.DATABASE_URL = server.urls.console;
  process.env.TEST_OWNER_DATABASE_URL = server.urls.owner;
  process.env.TEST_VERIFIER_DATABASE_URL = server.urls.verifier;
  process.env.AUTH_SECRET = "a-secret-for-tests-that-is-long-enough";
  process.env.LOG_LEVEL = "silent";
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  };
}
