import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Connections } from "./connections.ts";

/** Time for clients to reconnect on connections that stay open, before new ones are refused. */
const SETTLE_MS = 1_000;
/** Long enough for clients whose connection has just ended to have a new one accepted. */
const PAUSE_MS = 100;
const ACCEPT_MS = 5_000;
/** A connection used within this time may have its next request in flight. */
const IDLE_MS = 1_000;
const SWEEP_MS = 50;
const REQUEST_TIMEOUT_MS = 10_000;

/** Shutdown state for code that writes responses. */
export interface Drain {
  isOn: boolean;
  /** No response is written until it resolves. */
  pause: Promise<void> | null;
}

/**
 * Stops a server without failing a request. For `drainMs` it reports "not ready" but keeps serving, so that load
 * balancers redirect requests; then it accepts no new connections. Each open connection closes after its next response,
 * or after one idle second. After another ten seconds, or on `hurry`, the rest is closed.
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
  const deadline = Date.now() + REQUEST_TIMEOUT_MS;
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
 * Connections that the kernel has established and we haven't accepted would be reset together with the listening
 * socket. So responses are paused for a moment: waiting clients open no new connections, and all pending ones are
 * accepted.
 */
async function stopListening(
  server: Server,
  connections: Connections,
  drain: Drain,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  let resume = () => {};
  drain.pause = new Promise((resolve) => {
    resume = resolve;
  });
  await wait(PAUSE_MS);
  await acceptWaiting(connections);
  // Node's HTTP close would also close idle connections, which may have requests in flight.
  NetServer.prototype.close.call(server);
  // Not earlier: pages that started before the pause are written during it, and clients whose connection then ended
  // would open another one just as the port closes.
  connections.endAll();
  drain.pause = null;
  resume();
}

/**
 * Timers run before pending I/O, and each turn of the event loop accepts one connection: after long turns, such as page
 * rendering, many are still pending. Under a flood of connections, stops after {@link ACCEPT_MS}.
 */
async function acceptWaiting(connections: Connections): Promise<void> {
  const deadline = performance.now() + ACCEPT_MS;
  let before: number;
  do {
    before = connections.accepted;
    await nextTurn();
  } while (connections.accepted > before && performance.now() < deadline);
}
