import { env } from "@/lib/env";
import { parseTrustedProxies } from "../server/client-ip.ts";
import type { Drain } from "../server/close-gracefully.ts";
import { createHttpServer } from "../server/http-server.ts";
import { listen } from "../server/listen.ts";
import { type EndpointSettings, serveEndpoint, serveNotFound } from "./serve-endpoint.ts";

export interface RunningVerifier {
  /** Drains, accepts no new connections, and waits a limited time, or until `hurry`, for requests in flight. */
  close(hurry?: AbortSignal): Promise<void>;
}

/** The endpoints' settings from the environment. */
export function endpointSettings(drain: Drain): EndpointSettings {
  const { APP_URL, TRUSTED_PROXIES } = env();
  return {
    trustedProxies: parseTrustedProxies(TRUSTED_PROXIES),
    isHttps: APP_URL?.startsWith("https:") ?? false,
    drain,
  };
}

/** Serves the verification endpoints, and nothing else, on all interfaces. */
export async function startVerifier(port: number): Promise<RunningVerifier> {
  const http = createHttpServer();
  const settings = endpointSettings(http.drain);
  http.serve((request, response) => {
    if (!serveEndpoint(request, response, settings)) serveNotFound(request, response, settings);
  });
  await listen(http.server, port);
  return { close: http.close };
}
