import { spawn } from "node:child_process";

/** A console or verifier in its own process, for tests. */
export interface LaunchedProcess {
  pid: number;
  output(): string;
  /** Resolves once the process has announced its URL; throws if it exits before. */
  ready(): Promise<void>;
  /** Signals the process or, with `group`, all its children too, like Ctrl-C in a terminal. */
  signal(name: NodeJS.Signals, to?: "group"): void;
  exited: Promise<number | null>;
}

/** Starts a program with only these variables; `announcement` is its output once it is ready. */
export function launchProcess(
  [program = "", ...args]: string[],
  env: Record<string, string>,
  announcement: string,
): LaunchedProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, ...env } as unknown as NodeJS.ProcessEnv,
  });
  const pid = child.pid ?? 0;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = () =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(announcement) && resolve();
      child.stdout.on("data", look);
      look();
      void exited.then(() => reject(new Error(`The process ended before it was ready:\n${output}`)));
    });
  return {
    pid,
    output: () => output,
    ready,
    signal: (name, to) => process.kill(to === "group" ? -pid : pid, name),
    exited,
  };
}
