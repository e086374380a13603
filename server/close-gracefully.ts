import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Connections } from "./connections.ts";

/** Before connections are no longer taken, clients get the time to settle on ones that stay open. */
const SETTLE_MS = 1_000;
/** Long enough for clients that just got the last answer of a connection to have another one accepted. */
const PAUSE_MS = 100;
const ACCEPT_MS = 5_000;
/** A connection used within this time may have its next request on the way. */
const IDLE_MS = 1_000;
const SWEEP_MS = 50;
const REQUEST_PATIENCE_MS = 10_000;

/** Whether a server is about to stop, for those who write its answers. */
export interface Drain {
  isOn: boolean;
  /** While it lasts no answer is written. */
  pause: Promise<void> | null;
}

/**
 * Stops a server without failing a request. For `drainMs` it isn't ready but serves on, so that load balancers go
 * elsewhere; then it takes no new connections. Each open one closes after its next answer, or once it has been idle for a
 * second. Ten seconds later, or on `hurry`, what is left is cut off.
 */
export async function closeGracefully(
  server: Server,
  connections: Connections,
  drain: Drain,
  drainMs: number,
  hurry?: AbortSignal,
): Promise<void> {
  const wait = (ms: number) => delay(ms, undefined, { signal: hurry }).catch(() => {});
  const ticks: number[] = [];
  const watch = setInterval(() => ticks.unshift(connections.ticks), SWEEP_MS);
  drain.isOn = true;
  if (drainMs > 0) {
    connections.endAll();
    await wait(Math.max(0, drainMs - SETTLE_MS));
    connections.keepNew();
    await wait(Math.min(SETTLE_MS, drainMs));
  }
  await stopListening(server, connections, drain, wait);
  const deadline = Date.now() + REQUEST_PATIENCE_MS;
  while (connections.size > 0 && Date.now() < deadline && !hurry?.aborted) {
    connections.closeIdle(ticks[IDLE_MS / SWEEP_MS] ?? 0);
    await wait(SWEEP_MS);
  }
  clearInterval(watch);
  connections.stop();
  server.closeAllConnections();
  server.close();
}

/**
 * Connections that the kernel has made and we haven't accepted would be reset with the listening socket. So no answer is
 * written for a moment: clients that wait for theirs open no new connections meanwhile, and all there are get accepted.
 */
async function stopListening(
  server: Server,
  connections: Connections,
  drain: Drain,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  let goOn = () => {};
  drain.pause = new Promise((resolve) => {
    goOn = resolve;
  });
  await wait(PAUSE_MS);
  await acceptWaiting(connections);
  // Node's own close for HTTP would also cut idle connections, under requests that are on their way.
  NetServer.prototype.close.call(server);
  // Not before: pages that were begun before the pause are written during it, and clients whose connection then ended
  // would open another one just as the port closes.
  connections.endAll();
  drain.pause = null;
  goOn();
}

/**
 * Timers come before what the kernel has ready, and each turn of the event loop accepts one connection: after long turns,
 * as when pages are rendered, many still wait. For a flood of them nobody waits longer than {@link ACCEPT_MS}.
 */
async function acceptWaiting(connections: Connections): Promise<void> {
  const deadline = performance.now() + ACCEPT_MS;
  let before: number;
  do {
    before = connections.accepted;
    await nextTurn();
  } while (connections.accepted > before && performance.now() < deadline);
}
