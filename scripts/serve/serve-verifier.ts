import { setTimeout as delay } from "node:timers/promises";
import { type Env, readEnv, verifierPort } from "../../lib/env.ts";
import { readCatalog } from "../../lib/permissions/catalog.ts";
import { runShutdownHooks } from "../../lib/shutdown.ts";
import { assertPortFree } from "../../server/listen.ts";
import { givenUrls, openExistingDatabase } from "../database.ts";
import { warnOfExcessRights } from "../running-rights.ts";
import { step } from "../step.ts";
import { aborted, watchForStop } from "../stop-request.ts";
import { portProblem } from "./port-problem.ts";

const HOOK_TIMEOUT_MS = 5_000;

/**
 * Serves the verification endpoints until asked to stop. With `DATABASE_URL`, it starts without the database and
 * responds with 503 until that is available; only the console migrates it.
 */
export async function serveVerifier(): Promise<void> {
  const { stop, hurry } = watchForStop();
  // The reader of our output may exit first.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  Object.assign(process.env, { NODE_ENV: "production" });
  const env = readEnv(process.env);
  readCatalog(env.PERMISSIONS_FILE);
  const { port } = verifierPort(env);
  await assertPortFree(port).catch((error) => Promise.reject(portProblem(error, port, "VERIFIER_PORT")));
  const database = await databaseFor(env);
  try {
    process.env.DATABASE_URL = database.urls.verifier;
    delete process.env.MIGRATE_DATABASE_URL;
    const { startVerifier } = await import("../../verifier/service.ts");
    const running = await startVerifier(port);
    announce(port);
    // A verifier started by a console uses the console's settings, which are checked there.
    if (!process.send) void warnOfExcessRights(database.urls.verifier, "verifier");
    await aborted(stop);
    await running.close(hurry);
    await Promise.race([finishRest(), delay(HOOK_TIMEOUT_MS, undefined, { ref: false }), aborted(hurry)]);
  } finally {
    await database.close();
  }
  if (!process.send) console.log("✓ Stopped");
}

async function databaseFor(env: Env) {
  const urls = givenUrls({ ...env, VERIFIER_DATABASE_URL: undefined });
  if (urls) return { urls, close: async () => {} };
  return step("Database ready", () => openExistingDatabase(env));
}

/** A parent console waits for this message and prints the URL itself. */
function announce(port: number): void {
  if (process.send) process.send("listening");
  else console.log(`\nVerifier is at http://localhost:${port}\n`);
}

async function finishRest(): Promise<void> {
  for (const error of await runShutdownHooks()) console.error("Shutdown step failed:", error);
}
