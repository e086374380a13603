import { spawn } from "node:child_process";

type Task = { args: string[]; cwd: string; env: Record<string, string>; stop: AbortSignal; program?: string };

/** Runs a program (default: Node) until it exits. Prints its output only on failure. */
export async function runToEnd({ args, cwd, env, stop, program }: Task): Promise<void> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program ?? process.execPath, program ? args : ["--conditions=react-server", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, ...env } as unknown as NodeJS.ProcessEnv,
    signal: stop,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  stop.throwIfAborted();
  if (exitCode !== 0) throw new Error(`${program ?? "node"} ${args.join(" ")} failed:\n${output}`);
}
