import type pg from "pg";
import type { ChainReport } from "../lib/audit/verify-chain.ts";
import { connectToDatabase } from "../lib/database/database-connection.ts";
import { readEnv } from "../lib/env.ts";
import { runShutdownHooks } from "../lib/shutdown.ts";
import { type ExpectedHead, readVerifyOptions } from "./audit-verify/options.ts";
import { openDatabase } from "./database.ts";
import { StartError } from "./start-error.ts";
import { step } from "./step.ts";

const UNDEFINED_TABLE = "42P01";
const UNDEFINED_COLUMN = "42703";

/**
 * `npm run audit:verify`: reads every team's audit log, names the first entry that was changed, removed, inserted or
 * moved, and then fails. Changes nothing.
 *
 * - `--expect <team>=<number>:<hash>`: a head printed by an earlier run. Save heads where the database's owner can't
 *   change them: without one, a log truncated together with its head looks intact.
 */
export default async function auditVerify(...words: string[]): Promise<void> {
  const expected = readVerifyOptions(words);
  const database = await step("Database ready", () => openDatabase(readEnv(process.env)));
  const client = await connectToDatabase(database.urls.console);
  try {
    const broken = await verifyTeams(client, expected);
    if (broken > 0) throw new StartError(`${broken === 1 ? "1 audit log is" : `${broken} audit logs are`} broken.`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== UNDEFINED_TABLE && code !== UNDEFINED_COLUMN) throw error;
    throw new StartError("The database is from an older version. Start Latchkey once, then verify.");
  } finally {
    await client.end();
    await runShutdownHooks();
    await database.close();
  }
}

async function verifyTeams(client: pg.Client, expected: ExpectedHead[]): Promise<number> {
  const { verifyChain } = await import("../lib/audit/verify-chain.ts");
  const { rows: teams } = await client.query<{ id: string; slug: string }>("select id, slug from teams order by slug");
  const unknown = expected.find(({ team }) => !teams.some(({ slug }) => slug === team));
  if (unknown) throw new StartError(`Team “${unknown.team}” of --expect not found.`);
  let broken = 0;
  for (const { id, slug } of teams) {
    const saved = expected.filter(({ team }) => team === slug);
    const report = await verifyChain(client, id, saved);
    if (report.broken) broken += 1;
    say(slug, report);
  }
  return broken;
}

function say(team: string, { entries, head, broken }: ChainReport): void {
  if (!broken) {
    console.log(`✓ ${team}  ${entries.toLocaleString("en")} entries  ${head ? `${head.seq}:${head.hash}` : "no head"}`);
    return;
  }
  const { seq, id, at, fault, reason } = broken;
  const which = id ? ` (${id}, ${at?.toISOString()})` : "";
  console.log(`✗ ${team}  entry ${seq}${which}: ${fault}; ${reason}.`);
}
