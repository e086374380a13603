import { createServer } from "node:http";
import { env } from "@/lib/env";
import { problem } from "@/lib/problem";
import { instanceOf } from "@/lib/verification/refusals";
import { answerClientError } from "../server/client-error.ts";
import { parseTrustedProxies } from "../server/client-ip.ts";
import { closeGracefully } from "../server/close-gracefully.ts";
import { listen } from "../server/listen.ts";
import { requestId } from "../server/request-id.ts";
import { type DoorSettings, serveDoor } from "./serve-door.ts";

/** Gateways keep connections for long; ours must be the side that closes later. */
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 };

const REQUEST_PATIENCE_MS = 10_000;

export interface RunningVerifier {
  /** Takes no new connections, and lets requests in flight finish for a while or until `hurry`. */
  close(hurry?: AbortSignal): Promise<void>;
}

/** How the doors read requests, by the environment. */
export function doorSettings(): DoorSettings {
  const { APP_URL, TRUSTED_PROXIES } = env();
  return {
    trustedProxies: parseTrustedProxies(TRUSTED_PROXIES),
    isHttps: APP_URL?.startsWith("https:") ?? false,
  };
}

/** Serves the doors, and nothing else, on all interfaces. */
export async function startVerifier(port: number): Promise<RunningVerifier> {
  const settings = doorSettings();
  const server = createServer(TIMEOUTS, (request, response) => {
    if (serveDoor(request, response, settings)) return;
    const id = requestId(request.headers["x-request-id"]);
    const detail = "There is no such endpoint.";
    const { status, headers, body } = problem({ status: 404, code: "not_found", detail, instance: instanceOf(id) });
    response.writeHead(status, { ...headers, "x-request-id": id }).end(body);
  });
  server.on("clientError", answerClientError);
  await listen(server, port);
  return { close: (hurry) => closeGracefully(server, REQUEST_PATIENCE_MS, hurry) };
}
