import type { ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 30_000;

/** Resolves once the process accepts connections on the port; throws if it exits first, or after 30 seconds. */
export async function untilListening(port: number, child: ChildProcess, output = () => ""): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await answers(port)) return;
    await delay(20);
  }
  throw new Error(`${child.spawnfile} did not start:\n${output()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
