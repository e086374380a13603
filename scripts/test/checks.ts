import { buildConsoleUnlessCurrent } from "../build/build-console.ts";
import { reportFailure } from "../report-failure.ts";
import { type Count, countExitCode, ONE_FAILED } from "./count.ts";
import { runProgram } from "./run-program.ts";

/** Generates the route types first: a fresh clone has none. */
export async function checkTypes(stop: AbortSignal): Promise<Count> {
  const generated = await runProgram(["node_modules/next/dist/bin/next", "typegen"], { stop });
  if (generated !== 0) return ONE_FAILED;
  return countExitCode(await runProgram(["node_modules/typescript/bin/tsc", "--noEmit"], { stop }));
}

export async function lint(stop: AbortSignal): Promise<Count> {
  return countExitCode(await runProgram(["node_modules/@biomejs/biome/bin/biome", "check"], { stop }));
}

export async function build(stop: AbortSignal): Promise<Count> {
  try {
    await buildConsoleUnlessCurrent(stop);
    return { passed: 0, failed: 0 };
  } catch (error) {
    reportFailure(error);
    return ONE_FAILED;
  }
}
