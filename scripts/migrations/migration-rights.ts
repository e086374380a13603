import type pg from "pg";
import { pendingMigrations } from "../../lib/database/migrations.ts";
import { StartError } from "../start-error.ts";

/** Required by the indexes for searching names and scopes among 100,000 keys. */
const EXTENSIONS = ["pg_trgm", "btree_gin"];

const RIGHTS = `
  select current_user as "user", current_database() as database,
    has_schema_privilege('public', 'create') as "mayCreateTables",
    has_database_privilege(current_database(), 'create') as "mayCreateExtensions",
    array(select name from unnest($1::text[]) name where name not in (select extname from pg_extension)) as missing,
    array(select name from unnest($1::text[]) name
      where name not in (select name from pg_available_extensions)) as unavailable`;

interface Rights {
  user: string;
  database: string;
  mayCreateTables: boolean;
  mayCreateExtensions: boolean;
  missing: string[];
  unavailable: string[];
}

/** Throws a sentence about a missing right and its purpose, before a migration fails for lack of it. */
export async function assertMayMigrate(client: pg.Client): Promise<void> {
  if ((await pendingMigrations(client)).length === 0) return;
  const { rows } = await client.query<Rights>(RIGHTS, [EXTENSIONS]);
  const rights = rows[0];
  if (!rights) return;
  const { user, database, missing, unavailable } = rights;
  const [name] = unavailable.filter((each) => missing.includes(each));
  if (name) {
    throw new StartError(`PostgreSQL lacks the extension ${name}: install its package (Debian: postgresql-contrib).`);
  }
  if (!rights.mayCreateTables) {
    throw new StartError(
      `The database user ${user} can't create tables: run GRANT CREATE ON SCHEMA public TO ${user}, or set ` +
        `MIGRATE_DATABASE_URL to the owner of the database ${database}.`,
    );
  }
  if (missing.length > 0 && !rights.mayCreateExtensions) {
    throw new StartError(
      `The database user ${user} can't create the extensions ${EXTENSIONS.join(" and ")}, which searching keys ` +
        `requires: run GRANT CREATE ON DATABASE ${database} TO ${user}, or set MIGRATE_DATABASE_URL to the database's owner.`,
    );
  }
}
