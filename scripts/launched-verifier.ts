import { freePort } from "./free-port.ts";
import { type LaunchedProcess, launchProcess } from "./launched-process.ts";

/** A standalone verifier in its own process. */
export interface LaunchedVerifier extends LaunchedProcess {
  url: string;
}

const COMMAND = [process.execPath, "--conditions=react-server", "scripts/run.mjs", "verifier"];

/** With npm's variable, the verifier also exits if this process, its parent, is killed. */
const TEST_ENVIRONMENT = { LATCHKEY_BUILD_DIR: ".test/build", npm_lifecycle_event: "verifier" };

/** Starts a verifier with only these variables, on a free port. */
export async function launchVerifier({ env }: { env: Record<string, string> }): Promise<LaunchedVerifier> {
  const VERIFIER_PORT = env.VERIFIER_PORT ?? String(await freePort());
  const launched = launchProcess(COMMAND, { ...TEST_ENVIRONMENT, ...env, VERIFIER_PORT }, "Verifier is at ");
  return { ...launched, url: `http://localhost:${VERIFIER_PORT}` };
}
