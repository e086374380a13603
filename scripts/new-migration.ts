import { readEnv } from "../lib/env.ts";
import { openDatabase } from "./database.ts";
import { createMigration } from "./migrations/create-migration.ts";
import { StartError } from "./start-error.ts";

/** `npm run db:migration -- <name>`: writes the next migration from the changed schema. */
export default async function newMigration(name = ""): Promise<void> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new StartError("Name the migration in lowercase, e.g. npm run db:migration -- add_tags.");
  }
  const database = await openDatabase(readEnv(process.env));
  try {
    const file = await createMigration(database.urls.owner, name);
    console.log(file ? `✓ ${file}` : "The schema has not changed since the last migration.");
  } finally {
    await database.close();
  }
}
