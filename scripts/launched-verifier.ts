import { freePort } from "./free-port.ts";
import { type LaunchedProcess, launchProcess } from "./launched-process.ts";

/** A verifier in a process of its own, without a console. */
export interface LaunchedVerifier extends LaunchedProcess {
  url: string;
}

const COMMAND = [process.execPath, "--conditions=react-server", "scripts/run.mjs", "verifier"];

/** With the mark of npm the verifier also ends when we, its parent, are killed. */
const TEST_ENVIRONMENT = { LATCHKEY_BUILD_DIR: ".test/build", npm_lifecycle_event: "verifier" };

/** Starts a verifier with just these variables, on a free port. */
export async function launchVerifier({ env }: { env: Record<string, string> }): Promise<LaunchedVerifier> {
  const VERIFIER_PORT = env.VERIFIER_PORT ?? String(await freePort());
  const launched = launchProcess(COMMAND, { ...TEST_ENVIRONMENT, ...env, VERIFIER_PORT }, "Verifier is at ");
  return { ...launched, url: `http://localhost:${VERIFIER_PORT}` };
}
