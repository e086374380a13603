import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { LoadRequest } from "./load-request.ts";

export type LoadResult = {
  requests: number;
  durationMs: number;
  p50Ms: number;
  p99Ms: number;
  /** Wrong responses (an invalid token accepted or a valid one denied) and socket errors. */
  wrong: number;
};

export type Load = { connections: number; threads: number; seconds: number };

/** The line that the script prints at the end. */
type Printed = Record<"requests" | "durationUs" | "p50Us" | "p99Us" | "refused" | "socketErrors", number>;

const SCRIPT = fileURLToPath(new URL("random-token.lua", import.meta.url));
const LARGEST_SEED = 2 ** 31;

/** Repeats the request over this many connections, each as fast as it is answered. */
export async function runWrk(
  origin: string,
  request: LoadRequest,
  { connections, threads, seconds }: Load,
  stop: AbortSignal,
): Promise<LoadResult> {
  const output = await run(
    [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, "--timeout=10s", "--script", SCRIPT, origin + request.path],
    environmentFor(request),
    stop,
  );
  const line = output.trim().split("\n").at(-1) ?? "";
  const { requests, durationUs, p50Us, p99Us, refused, socketErrors } = JSON.parse(line) as Printed;
  const ofWrongKind = request.isRefused ? requests - refused : refused;
  return {
    requests,
    durationMs: durationUs / 1_000,
    p50Ms: p50Us / 1_000,
    p99Ms: p99Us / 1_000,
    wrong: ofWrongKind + socketErrors,
  };
}

function environmentFor({ method, authorization, body, tokensFile, draw }: LoadRequest) {
  return {
    WRK_SEED: String(randomInt(LARGEST_SEED)),
    WRK_TOKENS: tokensFile,
    WRK_DRAW: draw,
    WRK_METHOD: method,
    WRK_AUTHORIZATION: authorization,
    ...(body && { WRK_CONTENT_TYPE: body.type, WRK_BODY: body.text }),
  } as unknown as NodeJS.ProcessEnv;
}

async function run(args: string[], env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<string> {
  const wrk = spawn("wrk", args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, PATH: process.env.PATH },
    signal: stop,
  });
  let output = "";
  for (const stream of [wrk.stdout, wrk.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise((resolve, reject) => wrk.once("error", reject).once("close", resolve));
  stop.throwIfAborted();
  if (exitCode !== 0) throw new Error(`wrk failed:\n${output}`);
  return output;
}
