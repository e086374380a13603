import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isDatabaseAway } from "@/lib/database/database-away";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL;
const scratch = await createScratchDatabase();
process.env.DATABASE_URL = scratch.url;

// Imported only now: lookups connect to the scratch database.
const { confirmPrimary } = await import("./lookup.ts");
const { lookupPool, heartbeatPool } = await import("./connections.ts");

const owner = new pg.Client(scratch.ownerUrl);
beforeAll(() => owner.connect());
afterAll(async () => {
  process.env.DATABASE_URL = serverUrl;
  await Promise.all([lookupPool.end(), heartbeatPool.end(), owner.end()]);
  await scratch.drop();
});

/** The error message of a failing lookup. */
const failure = () =>
  confirmPrimary().then(
    () => null,
    (error: Error) => error,
  );

/** Simulates a hosted PostgreSQL without the function: a built-in can't be replaced, but it can be shadowed. */
const UNSUPPORTED = `
  create function public.pg_walfile_name(pg_lsn) returns text language plpgsql as $$
    begin raise feature_not_supported using message = 'pg_walfile_name() is not supported here'; end $$;
  alter database ${new URL(scratch.url).pathname.slice(1)} set search_path = public, pg_catalog;
  select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

test("a function that lookups may not call, or that the server lacks, makes verification unavailable with an error that names it", async () => {
  expect(await failure()).toBeNull();
  for (const [change, said] of [
    [
      "revoke execute on function pg_walfile_name(pg_lsn) from public",
      "permission denied for function pg_walfile_name",
    ],
    [
      `grant execute on function pg_walfile_name(pg_lsn) to public; ${UNSUPPORTED}`,
      "pg_walfile_name() is not supported here",
    ],
  ] as const) {
    await owner.query(change);
    if (change.includes("pg_terminate_backend")) await expect.poll(() => lookupPool.totalCount).toBe(0);
    const error = await failure();
    expect(isDatabaseAway(error), said).toBe(true);
    expect(error?.message).toContain(said);
    expect(error?.message).toContain("docs/operations.md");
  }
});
