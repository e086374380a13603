import { spawn } from "node:child_process";

interface Options {
  env?: Record<string, string>;
  stop: AbortSignal;
}

/** Runs a package's script with this Node and shows its output; resolves to the exit code. */
export function runProgram(args: string[], { env, stop }: Options): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env }, signal: stop });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (exitCode) => resolve(exitCode ?? 1));
  });
}
