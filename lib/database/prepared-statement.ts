import "server-only";
import { createHash } from "node:crypto";
import type pg from "pg";
import { processWide } from "@/lib/process-wide";

type RowForm = { types?: pg.CustomTypesConfig; rowMode?: "array" };

/** A statement that is parsed and planned once a connection. */
export type PreparedStatement = RowForm & { name: string; text: string };

/** With the text's hash in the name, another version of Latchkey behind the same pooler can't run the wrong one. */
export function preparedStatement(name: string, text: string, form: RowForm = {}): PreparedStatement {
  return { name: `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`, text, ...form };
}

/** What a pooler in transaction mode makes of prepared statements: another connection has it, or has it not. */
const NOT_CARRIED = new Set(["42P05", "26000"]);

/** "cached plan must not change result type": a migration went on while the statement was prepared. */
const OUTDATED_PLAN = "0A000";

const support = processWide("preparedStatements", () => ({ isThere: true }));

/**
 * Runs a prepared statement, and where a pooler in between doesn't carry those, the same text
 * unprepared. Each of these errors says that the statement was not executed, so running it again is safe.
 */
export async function runPrepared<Row>(pool: pg.Pool, statement: PreparedStatement, values: unknown[]): Promise<Row[]> {
  const run = async (name?: string) =>
    (await pool.query({ ...statement, name, values } as pg.QueryConfig)).rows as Row[];
  if (!support.isThere) return run();
  try {
    return await run(statement.name);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (NOT_CARRIED.has(code)) support.isThere = false;
    else if (code !== OUTDATED_PLAN) throw error;
    return run();
  }
}
