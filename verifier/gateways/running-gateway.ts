import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/scripts/free-port";
import { findOrInstallProgram } from "@/scripts/test/find-program";
import type { GatewayKind } from "./gateway-kinds.ts";
import { untilListening } from "./until-listening.ts";

const DOCS = "docs/gateways";
const STOP_PATIENCE_MS = 3_000;

export interface RunningGateway {
  pid: number;
  port: number;
  /** Its log output. */
  output(): string;
  stop(): Promise<void>;
}

interface Surroundings {
  verifierPort: number;
  apiPort: number;
  /** Introduces a configuration mistake. */
  edit?: (text: string) => string;
}

/** Starts a gateway on the files of its page, with the ports of a test in place of the page's. */
export async function startGateway(kind: GatewayKind, surroundings: Surroundings): Promise<RunningGateway> {
  const program = findOrInstallProgram(kind.program);
  const directory = await mkdtemp(join(tmpdir(), "latchkey-gateway-"));
  await chmod(directory, 0o755);
  const [port, innerPort] = [await freePort(), await freePort()];
  for (const name of kind.files) {
    const text = withPorts(await readFile(join(DOCS, name), "utf8"), { ...surroundings, port, innerPort, directory });
    await writeFile(join(directory, name), text);
  }
  if (kind.ownFile) await writeFile(join(directory, kind.ownFile.name), kind.ownFile.text(directory));
  const home = { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory };
  const child = spawn(program, kind.args(directory), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", ...home } as unknown as NodeJS.ProcessEnv,
  });
  const output = gather(child);
  const endWithUs = () => child.kill("SIGTERM");
  process.once("exit", endWithUs);
  const stop = async () => {
    process.off("exit", endWithUs);
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  await untilListening(port, child, output).catch(async (error) => {
    await stop();
    throw error;
  });
  return { pid: child.pid ?? 0, port, output, stop };
}

/** Placeholders in the pages, and the test's values. */
function withPorts(
  text: string,
  { verifierPort, apiPort, port, innerPort, directory, edit }: Surroundings & Place,
): string {
  const own = text
    .replaceAll("127.0.0.1:3001", `127.0.0.1:${verifierPort}`)
    .replaceAll("127.0.0.1:3003", `127.0.0.1:${innerPort}`)
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${apiPort}`)
    .replace(/^(\s*(?:listen |bind :|:))8000\b/m, `$1${port}`)
    .replaceAll(/\/etc\/(haproxy|nginx)\//g, `${directory}/`);
  return edit ? edit(own) : own;
}

type Place = { port: number; innerPort: number; directory: string };

function gather({ stdout, stderr }: ChildProcess): () => string {
  let output = "";
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return () => output;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hurry = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(hurry);
}
