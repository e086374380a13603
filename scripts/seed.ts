import { randomBytes } from "node:crypto";
import { connectToDatabase } from "../lib/database/database-connection.ts";
import { readEnv } from "../lib/env.ts";
import { runShutdownHooks } from "../lib/shutdown.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { readSeedOptions, type SeedOptions } from "./seed/options.ts";
import { createTokenFile } from "./seed/token-file.ts";
import { step } from "./step.ts";

const PROGRESS_INTERVAL = 100_000;

/**
 * `npm run seed -- --members 50 --keys 10000`: fills a team with realistic members and keys. Further runs add more.
 *
 * - `--team <slug>`: the team to fill; default: the oldest one, or a new one with a new admin.
 * - `--password <text>`: the new members' password; default: a random one, printed at the end.
 * - `--tokens <file>`: writes the tokens of active keys, which are otherwise discarded, to a new file that only you can
 *   read, for load tests.
 */
export default async function seed(...words: string[]): Promise<void> {
  const options = readSeedOptions(words);
  const database = await step("Database ready", () => openDatabase(readEnv(process.env)));
  try {
    process.env.DATABASE_URL = database.urls.console;
    await step("Database up to date", () => migrate(database.urls.owner));
    await fillTeam(options, database.urls.owner);
  } finally {
    await runShutdownHooks();
    await database.close();
  }
}

/** Modules that use the database client are imported here, once the database is known. */
async function fillTeam(
  { members, keys, team: slug, password: chosen, tokensFile }: SeedOptions,
  ownerUrl: string,
): Promise<void> {
  const { checkNewPassword, hashPassword } = await import("../lib/auth/passwords.ts");
  const { db } = await import("../lib/database/db.ts");
  const { ADMIN_EMAIL, findTeam } = await import("./seed/find-team.ts");
  const { createRandom } = await import("./seed/random.ts");
  const { addMembers } = await import("./seed/add-members.ts");
  const { addKeys } = await import("./seed/add-keys.ts");
  const { reportSignIns, reportTeam } = await import("./seed/report-team.ts");

  const password = chosen ?? randomBytes(12).toString("base64url");
  checkNewPassword(password, ADMIN_EMAIL);
  const team = await findTeam(slug, password);
  const tokenFile = tokensFile ? createTokenFile(tokensFile) : undefined;
  // Different people on each run, but the same ones if a run is repeated on a fresh database.
  const random = createRandom(await db.user.count());

  const emailOfRole = await step(`${members.toLocaleString("en")} members added`, async () =>
    addMembers(team.id, members, await hashPassword(password), random),
  );
  await step(`${keys.toLocaleString("en")} API keys added`, () =>
    addKeys(team.id, keys, random, { onActiveTokens: tokenFile?.append, onAdded: progressEvery(PROGRESS_INTERVAL) }),
  );
  tokenFile?.close();
  await step("Statistics for PostgreSQL's planner updated", () => analyze(ownerUrl));
  await reportTeam(team);
  if (team.isNew) emailOfRole.set("Admin", ADMIN_EMAIL);
  reportSignIns(emailOfRole, password);
}

/** Only a table's owner may do this. */
async function analyze(ownerUrl: string): Promise<void> {
  const client = await connectToDatabase(ownerUrl);
  await client.query("analyze").finally(() => client.end());
}

function progressEvery(interval: number): (count: number) => void {
  let next = interval;
  return (count) => {
    if (count < next) return;
    next += interval;
    console.log(`  ${count.toLocaleString("en")} so far`);
  };
}
