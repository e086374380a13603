import { pool } from "@/lib/db";

/** The tables that hold a text anywhere in any column of any row; bytes are searched in hexadecimal. */
export async function tablesContaining(text: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await pool.query(`select from ${name} as t where position($1 in t::text) > 0 limit 1`, [text]);
    if (rowCount) found.push(name);
  }
  return found;
}
