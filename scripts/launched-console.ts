import { freePort } from "./free-port.ts";
import { type LaunchedProcess, launchProcess } from "./launched-process.ts";

/** A console in its own process, with the verifier that it starts. */
export interface LaunchedConsole extends LaunchedProcess {
  url: string;
  verifierUrl: string;
}

interface LaunchOptions {
  env: Record<string, string>;
  throughNpm?: boolean;
  /** A program that runs the given command. */
  wrapper?: string[];
}

const DIRECTLY = [process.execPath, "--conditions=react-server", "scripts/run.mjs", "start"];
const THROUGH_NPM = ["npm", "start"];

/** With npm's variable, the console also exits if this process, its parent, is killed. */
const TEST_ENVIRONMENT = { LATCHKEY_BUILD_DIR: ".test/build", npm_lifecycle_event: "start" };

/** Starts the console with only these variables, on a free port, from the tests' shared build. */
export async function launchConsole({
  env,
  throughNpm = false,
  wrapper = [],
}: LaunchOptions): Promise<LaunchedConsole> {
  const PORT = env.PORT ?? String(await freePort());
  const VERIFIER_PORT = env.VERIFIER_PORT ?? String(await freePort());
  const command = [...wrapper, ...(throughNpm ? THROUGH_NPM : DIRECTLY)];
  const launched = launchProcess(command, { ...TEST_ENVIRONMENT, ...env, PORT, VERIFIER_PORT }, "Latchkey is at ");
  return { ...launched, url: `http://localhost:${PORT}`, verifierUrl: `http://localhost:${VERIFIER_PORT}` };
}
