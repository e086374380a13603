import "server-only";
import { createHash } from "node:crypto";
import type pg from "pg";
import { processWide } from "@/lib/process-wide";

type RowForm = { types?: pg.CustomTypesConfig; rowMode?: "array" };

/** A statement that is parsed and planned once per connection. */
export type PreparedStatement = RowForm & { name: string; text: string };

/**
 * The text's hash in the name keeps another version of Latchkey behind the same pooler from running the wrong
 * statement.
 */
export function preparedStatement(name: string, text: string, form: RowForm = {}): PreparedStatement {
  return { name: `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`, text, ...form };
}

/**
 * Errors behind a pooler in transaction mode: the statement exists on another connection, or doesn't exist on this one.
 */
const UNSUPPORTED = new Set(["42P05", "26000"]);

/** "cached plan must not change result type": a migration ran while the statement was prepared. */
const OUTDATED_PLAN = "0A000";

const support = processWide("preparedStatements", () => ({ isThere: true }));

/**
 * Runs a prepared statement, or the same text unprepared if a pooler doesn't support those. Each of these errors means
 * that the statement wasn't executed, so repeating it is safe.
 */
export async function runPrepared<Row>(pool: pg.Pool, statement: PreparedStatement, values: unknown[]): Promise<Row[]> {
  const run = async (name?: string) =>
    (await pool.query({ ...statement, name, values } as pg.QueryConfig)).rows as Row[];
  if (!support.isThere) return run();
  try {
    return await run(statement.name);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (UNSUPPORTED.has(code)) support.isThere = false;
    else if (code !== OUTDATED_PLAN) throw error;
    return run();
  }
}
