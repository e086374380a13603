import type { Server, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const SWEEP_MS = 50;

/**
 * Stops accepting and resolves once the requests in flight have been answered, or when
 * `patienceMs` are over, or on `hurry`. A connection kept alive closes as soon as it is idle.
 */
export async function closeGracefully(server: Server, patienceMs: number, hurry?: AbortSignal): Promise<void> {
  server.prependListener("request", (_request, response: ServerResponse) => {
    response.setHeader("connection", "close");
  });
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const patience = delay(patienceMs, undefined, { signal: hurry, ref: false }).catch(() => {});
  await Promise.race([closed, patience]);
  clearInterval(sweep);
  server.closeAllConnections();
}
