import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/scripts/free-port";
import { findOrInstallProgram } from "@/scripts/test/find-program";
import { untilListening } from "./until-listening.ts";

export interface PhpApi {
  port: number;
  stop(): Promise<void>;
}

/** An API in PHP, which doesn't distinguish `-`, `_` and `.` in header names. It answers with the headers it sees. */
const PROGRAM = `<?php
header("Content-Type: application/json");
echo json_encode(array_filter($_SERVER, fn($name) => str_starts_with($name, "HTTP_"), ARRAY_FILTER_USE_KEY));
`;

export async function startPhpApi(): Promise<PhpApi> {
  const program = findOrInstallProgram("php");
  const directory = await mkdtemp(join(tmpdir(), "latchkey-php-"));
  await writeFile(join(directory, "api.php"), PROGRAM);
  const port = await freePort();
  const child = spawn(program, ["-S", `127.0.0.1:${port}`, join(directory, "api.php")], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const endWithUs = () => child.kill();
  process.once("exit", endWithUs);
  const stop = async () => {
    process.off("exit", endWithUs);
    child.kill();
    await ended;
    await rm(directory, { recursive: true });
  };
  await untilListening(port, child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { port, stop };
}
