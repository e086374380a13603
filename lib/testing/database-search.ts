import type pg from "pg";
import { pool } from "@/lib/database/db";

/** The tables that contain a text in any column of any row, as text or as bytes. */
export async function tablesContaining(text: string, database: Pick<pg.Client, "query"> = pool): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  // PostgreSQL prints bytes in hexadecimal.
  const forms = [text, Buffer.from(text).toString("hex")];
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await database.query(
      `select from ${name} as t where exists (select from unnest($1::text[]) as form where position(form in t::text) > 0) limit 1`,
      [forms],
    );
    if (rowCount) found.push(name);
  }
  return found;
}
