import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { allowedOrigins, env } from "../lib/env.ts";
import { log } from "../lib/log.ts";
import { serveEndpoint } from "../verifier/serve-endpoint.ts";
import { endpointSettings } from "../verifier/service.ts";
import { type Admission, type AdmissionSettings, admit } from "./admit.ts";
import { startBackgroundJobs } from "./background-jobs.ts";
import { parseTrustedProxies } from "./client-ip.ts";
import type { Drain } from "./close-gracefully.ts";
import { createHttpServer } from "./http-server.ts";
import { listen } from "./listen.ts";
import { refuse } from "./refusal.ts";

export interface RunningConsole {
  /** Drains, stops accepting connections, waits for requests in flight or until `hurry`, then closes Next. */
  close(hurry?: AbortSignal): Promise<void>;
}

/** Serves the console on all interfaces, with Next behind {@link admit}. */
export async function startConsole({ dev, port }: { dev: boolean; port: number }): Promise<RunningConsole> {
  const http = createHttpServer();
  const { server, drain } = http;
  const app = next({ dev, dir: process.cwd(), hostname: "localhost", port, httpServer: upgradable(server, dev) });
  await app.prepare();
  const handle = app.getRequestHandler();
  const settings = readSettings(dev);
  const verification = endpointSettings(drain);
  http.serve((request, response) => {
    // Verification bypasses Next and the checks for browsers.
    if (serveEndpoint(request, response, verification)) return;
    void answer(request, response, { ...settings, drain }, handle);
  });
  await listen(server, port);
  startBackgroundJobs();
  return {
    close: async (hurry) => {
      await http.close(dev ? AbortSignal.abort() : hurry);
      await app.close();
    },
  };
}

/**
 * Next handles upgrade requests itself, on the server it is given, without {@link admit}. Only development needs that,
 * for hot reloading; in production it gets a server that never listens.
 */
function upgradable(server: Server, dev: boolean): Server {
  return dev ? server : createServer();
}

function readSettings(dev: boolean): AdmissionSettings {
  const { APP_URL, TRUSTED_PROXIES } = env();
  return {
    dev,
    publicUrl: APP_URL,
    allowedOrigins: allowedOrigins(),
    trustedProxies: parseTrustedProxies(TRUSTED_PROXIES),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { drain, ...settings }: AdmissionSettings & { drain: Drain },
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  let admission: Admission | null = null;
  try {
    admission = await admit(request, response, settings);
    if (!admission) return;
    if (drain.pause) await drain.pause;
    await handle(request, response);
  } catch (error) {
    log.error({ err: error }, "request failed");
    if (response.headersSent) return void response.destroy();
    refuse(response, request.url ?? "", {
      status: 500,
      code: "internal_error",
      detail: "Something went wrong on our side.",
    });
  } finally {
    admission?.release();
  }
}
