import { freePort } from "./free-port.ts";
import { type LaunchedProcess, launchProcess } from "./launched-process.ts";

/** A console in a process of its own, and the verifier that it starts beside it. */
export interface LaunchedConsole extends LaunchedProcess {
  url: string;
  verifierUrl: string;
}

interface LaunchOptions {
  env: Record<string, string>;
  throughNpm?: boolean;
  /** A program that runs the command it is given. */
  wrapper?: string[];
}

const DIRECTLY = [process.execPath, "--conditions=react-server", "scripts/run.mjs", "start"];
const THROUGH_NPM = ["npm", "start"];

/** With the mark of npm the console also ends when we, its parent, are killed. */
const TEST_ENVIRONMENT = { LATCHKEY_BUILD_DIR: ".test/build", npm_lifecycle_event: "start" };

/** Starts the console with just these variables, on a free port, from the build that tests share. */
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
