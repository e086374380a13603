import { spawn } from "node:child_process";
import { freePort } from "./free-port.ts";

/** A console in a process of its own, as tests start and stop it. */
export interface LaunchedConsole {
  pid: number;
  url: string;
  output(): string;
  /** Resolves once the console has announced its address; throws when it ended before. */
  ready(): Promise<void>;
  /** Signals the process, or with `group` everything that it started, like Ctrl-C in a terminal. */
  signal(name: NodeJS.Signals, to?: "group"): void;
  exited: Promise<number | null>;
}

interface LaunchOptions {
  env: Record<string, string>;
  throughNpm?: boolean;
}

const DIRECTLY = [process.execPath, "--conditions=react-server", "scripts/run.mjs", "start"];
const THROUGH_NPM = ["npm", "start"];

/** With the mark of npm the console also ends when we, its parent, are killed. */
const TEST_ENVIRONMENT = { LATCHKEY_DIST_DIR: ".test/next", npm_lifecycle_event: "start" };

/** Starts the console with just these variables, on a free port, from the build that tests share. */
export async function launchConsole({ env, throughNpm = false }: LaunchOptions): Promise<LaunchedConsole> {
  const port = env.PORT ?? String(await freePort());
  const [program = "", ...args] = throughNpm ? THROUGH_NPM : DIRECTLY;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, ...TEST_ENVIRONMENT, ...env, PORT: port } as unknown as NodeJS.ProcessEnv,
  });
  const pid = child.pid ?? 0;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    pid,
    url: `http://localhost:${port}`,
    output: () => output,
    ready: () => untilAnnounced(child.stdout, exited, () => output),
    signal: (name, to) => process.kill(to === "group" ? -pid : pid, name),
    exited,
  };
}

function untilAnnounced(stdout: NodeJS.ReadableStream, exited: Promise<unknown>, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => output().includes("Latchkey is at ") && resolve();
    stdout.on("data", look);
    look();
    void exited.then(() => reject(new Error(`The console ended before it was ready:\n${output()}`)));
  });
}
