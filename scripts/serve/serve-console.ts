import { setTimeout as delay } from "node:timers/promises";
import { databaseTrouble, NOT_CHANGED } from "../../lib/database/database-away.ts";
import { appUrl, type Env, readEnv, verifierPort } from "../../lib/env.ts";
import { readCatalog } from "../../lib/permissions/catalog.ts";
import { runShutdownHooks } from "../../lib/shutdown.ts";
import { assertPortFree } from "../../server/listen.ts";
import { buildConsoleUnlessCurrent } from "../build/build-console.ts";
import { prepareDataDir } from "../data-dir.ts";
import { openOwnDatabase } from "../database.ts";
import type { DatabaseUrls } from "../embedded-postgres.ts";
import { type Migrated, migrate } from "../migrate.ts";
import { warnOfExcessRights } from "../running-rights.ts";
import { StartError } from "../start-error.ts";
import { step } from "../step.ts";
import { aborted, type StopRequest, watchForStop } from "../stop-request.ts";
import { actionsKey, loadAuthSecret } from "./auth-secret.ts";
import { portProblem } from "./port-problem.ts";
import { startVerifierProcess } from "./verifier-process.ts";

const HOOK_TIMEOUT_MS = 5_000;

/** Starts everything the console needs, serves it until asked to stop, and shuts it all down. */
export async function serveConsole({ dev }: { dev: boolean }): Promise<void> {
  const request = watchForStop();
  // The reader of our output may exit first.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  setEnvironment({ NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const env = await step("Environment checked", () => checkEnvironment());
  // Before migrating: the old version keeps serving during the build.
  if (!dev) await step("Console built", () => buildConsoleUnlessCurrent(request.stop));
  const database = await step("Database ready", () => openOwnDatabase(env));
  try {
    await step(describeMigration, () => migrate(database.urls.owner));
    setEnvironment({ DATABASE_URL: database.urls.console });
    await warnOfRights(database.urls, dev);
    await serveWithDatabase(env, database.urls.verifier, dev, request);
  } catch (error) {
    // Whatever a stop interrupts fails; that isn't worth reporting.
    if (!request.stop.aborted) throw error;
  } finally {
    await database.close();
  }
  console.log("✓ Stopped");
}

/** With a single user for everything, one warning is enough. */
async function warnOfRights(urls: DatabaseUrls, dev: boolean): Promise<void> {
  const isWarned = await warnOfExcessRights(urls.console, "console");
  if (dev || (isWarned && urls.verifier === urls.console)) return;
  await warnOfExcessRights(urls.verifier, "verifier");
}

async function checkEnvironment(): Promise<Env> {
  const env = readEnv(process.env);
  // The service, the build and the verifier don't need the owner's password.
  delete process.env.MIGRATE_DATABASE_URL;
  delete process.env.VERIFIER_DATABASE_URL;
  readCatalog(env.PERMISSIONS_FILE);
  await assertPortFree(env.PORT).catch((error) => Promise.reject(portProblem(error, env.PORT)));
  if (env.VERIFIER_PORT !== undefined) await checkVerifierPort(env.VERIFIER_PORT, env.PORT);
  const secret = env.AUTH_SECRET ?? loadAuthSecret(prepareDataDir(env.DATA_DIR));
  setEnvironment({ AUTH_SECRET: secret, NEXTAUTH_SECRET: secret, NEXTAUTH_URL: appUrl() });
  setEnvironment({ NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(secret) });
  return env;
}

async function serveWithDatabase(
  env: Env,
  verifierDatabaseUrl: string,
  dev: boolean,
  { stop, hurry }: StopRequest,
): Promise<void> {
  const { prepareFirstAdmin } = await import("../../lib/setup/prepare-first-admin.ts");
  const { setupUrl, created } = await prepareFirstAdmin().catch(namingTrouble);
  if (created) console.log(`✓ Admin ${created} created`);
  stop.throwIfAborted();
  const { startConsole } = await import("../../server/console.ts");
  const running = await step("Console started", () =>
    startConsole({ dev, port: env.PORT }).catch((error) => Promise.reject(portProblem(error, env.PORT))),
  );
  const verifier = dev ? null : await startVerifierBeside(env, verifierDatabaseUrl);
  announce(setupUrl, verifier?.port);
  await aborted(stop);
  console.log("Stopping after requests in flight. Press Ctrl-C again to stop immediately.");
  await Promise.all([running.close(hurry), verifier?.stop(hurry)]);
  await Promise.race([finishRest(), delay(HOOK_TIMEOUT_MS, undefined, { ref: false }), aborted(hurry)]);
}

function namingTrouble(error: unknown): never {
  const trouble = databaseTrouble(error);
  throw trouble ? new StartError(`The first admin can't be set up: ${NOT_CHANGED[trouble]}`) : error;
}

function describeMigration({ applied, repairedTriggers }: Migrated): string {
  const state = applied.length > 0 ? `Database brought up to date (${applied.length} new)` : "Database up to date";
  if (repairedTriggers.length === 0) return state;
  return `${state}; triggers re-enabled, as after pg_restore --disable-triggers: ${repairedTriggers.join(", ")}`;
}

async function finishRest(): Promise<void> {
  for (const error of await runShutdownHooks()) console.error("Shutdown step failed:", error);
}

/** The console's port serves verification too, so a verifier without a port doesn't prevent the start. */
async function startVerifierBeside(
  env: Env,
  databaseUrl: string,
): Promise<{ port: number; stop(hurry: AbortSignal): Promise<void> } | null> {
  const { port, isChosen } = verifierPort(env);
  try {
    await checkVerifierPort(port, env.PORT);
  } catch (error) {
    if (isChosen || !(error instanceof StartError)) throw error;
    console.log(`! No verifier started: port ${port} is in use. Set VERIFIER_PORT to another port.`);
    return null;
  }
  const verifier = await step("Verifier started", () => startVerifierProcess(port, databaseUrl));
  return { port, stop: (hurry) => verifier.stop(hurry) };
}

async function checkVerifierPort(port: number, consolePort: number): Promise<void> {
  if (port === consolePort) throw new StartError("VERIFIER_PORT must differ from PORT.");
  await assertPortFree(port).catch((error) => Promise.reject(portProblem(error, port, "VERIFIER_PORT")));
}

function announce(setupUrl: string | undefined, verifierAt: number | undefined): void {
  console.log(`\nLatchkey is at ${appUrl()}`);
  if (verifierAt) console.log(`The verifier is at http://localhost:${verifierAt}`);
  if (setupUrl) console.log(`Create the first admin at ${setupUrl}`);
  console.log("");
}

/**
 * Must run before any import of a module that reads the environment (lib/log, lib/database/db, Next): those are
 * imported late, here and in all that this file imports.
 */
function setEnvironment(variables: Record<string, string>): void {
  Object.assign(process.env, variables);
}
