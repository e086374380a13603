import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DiffTarget } from "@prisma/schema-engine-wasm";
import { MIGRATIONS_DIR } from "../../lib/database/migrations.ts";
import { CURRENT_SCHEMA, MIGRATED_SCHEMA, readSchema } from "./migration-files.ts";
import { connectSchemaEngine, NOTHING_EXTERNAL } from "./schema-engine.ts";

/**
 * Writes the SQL from the last migration's schema to the current one, and returns the new file's path, or `undefined`
 * without a difference.
 *
 * The last migration's schema is stored as a file, because reading it from a database fails over the `pg` adapter,
 * which doesn't know PostgreSQL's internal "char" type. `databaseUrl` can be any database: the engine requires a
 * connection but doesn't use it.
 */
export async function createMigration(databaseUrl: string, name: string): Promise<string | undefined> {
  const sql = await writtenDifference(databaseUrl);
  if (!sql) return undefined;
  const directory = join(MIGRATIONS_DIR, `${timestamp()}_${name}`);
  const file = join(directory, "migration.sql");
  await mkdir(directory, { recursive: true });
  await writeFile(file, sql);
  await copyFile(CURRENT_SCHEMA, MIGRATED_SCHEMA);
  return file;
}

async function writtenDifference(databaseUrl: string): Promise<string | undefined> {
  const engine = await connectSchemaEngine(databaseUrl);
  const { exitCode, stdout } = await engine
    .diff({
      from: existsSync(MIGRATED_SCHEMA) ? await datamodel(MIGRATED_SCHEMA) : { tag: "empty" },
      to: await datamodel(CURRENT_SCHEMA),
      script: true,
      exitCode: true,
      filters: NOTHING_EXTERNAL,
    })
    .finally(() => engine.free());
  return exitCode === 0 ? undefined : (stdout ?? undefined);
}

async function datamodel(path: string): Promise<DiffTarget> {
  return { tag: "schemaDatamodel", ...(await readSchema(path)) };
}

/** The time in UTC with 14 digits, Prisma's sortable prefix of migrations. */
function timestamp(): string {
  return new Date().toISOString().replace(/\D/g, "").slice(0, 14);
}
