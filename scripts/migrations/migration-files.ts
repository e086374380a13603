import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationList, SchemasContainer } from "@prisma/schema-engine-wasm";
import { knownMigrations, MIGRATIONS_DIR } from "../../lib/database/migrations.ts";

export const CURRENT_SCHEMA = "prisma/schema.prisma";

/** The schema as of the last migration. */
export const MIGRATED_SCHEMA = "prisma/last-migrated-schema.prisma";

/** The migrations on disk, in the schema engine's format. */
export async function listMigrations(): Promise<MigrationList> {
  const names = await knownMigrations();
  return {
    baseDir: MIGRATIONS_DIR,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.map(readMigration)),
  };
}

async function readMigration(name: string): Promise<MigrationList["migrationDirectories"][number]> {
  const value = await readFile(join(MIGRATIONS_DIR, name, "migration.sql"), "utf8");
  return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
}

/** A schema in the schema engine's format. */
export async function readSchema(path: string): Promise<SchemasContainer> {
  return { files: [{ path, content: await readFile(path, "utf8") }] };
}
