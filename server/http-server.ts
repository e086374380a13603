import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { env } from "../lib/env.ts";
import { answerClientError } from "./client-error.ts";
import { closeGracefully, type Drain } from "./close-gracefully.ts";
import { Connections, isLastAnswer } from "./connections.ts";

/** Gateways and load balancers keep idle connections for about a minute; our side must close later than theirs. */
const IDLE_MS = 75_000;
/** Time for a request's head, and for all of it. Node checks for late ones at this interval. */
const ARRIVAL = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
/** In a request's head. For 16 KB of the shortest ones, Node allocates about 100 KB of strings per connection. */
const MAX_HEADER_FIELDS = 100;
/** A client that neither sends nor reads during a request or response. */
const INACTIVITY_MS = 120_000;

export interface HttpServer {
  server: Server;
  drain: Drain;
  serve(handle: RequestListener): void;
  /** Stops without failing a request: see {@link closeGracefully}. */
  close(hurry?: AbortSignal): Promise<void>;
}

/** An HTTP server with the limits in docs/configuration.md; it doesn't listen yet. */
export function createHttpServer(): HttpServer {
  const { MAX_CONNECTIONS, MAX_REQUESTS_PER_CONNECTION, DRAIN_SECONDS } = env();
  const server = createServer({ ...ARRIVAL, keepAliveTimeout: IDLE_MS });
  server.timeout = INACTIVITY_MS;
  // Node silently drops further fields. Allowing one more than the limit shows that it was exceeded.
  server.maxHeadersCount = MAX_HEADER_FIELDS + 1;
  const connections = new Connections({
    connections: MAX_CONNECTIONS,
    requestsPerConnection: MAX_REQUESTS_PER_CONNECTION,
  });
  const drain: Drain = { isOn: false, pause: null };
  server.on("connection", (socket) => connections.add(socket));
  server.on("clientError", answerClientError);
  return {
    server,
    drain,
    serve(handle) {
      const admit: RequestListener = (request, response) => {
        if (!connections.admit(request, response)) return;
        if (request.rawHeaders.length > 2 * MAX_HEADER_FIELDS) refuseHead(request, response, 431);
        else handle(request, response);
      };
      // A client that waits for "100 Continue" gets it when the body is read, or else a final response.
      server.on("request", admit).on("checkContinue", admit);
      // Node's own response would bypass all limits.
      server.on("checkExpectation", (request, response) => {
        if (connections.admit(request, response)) refuseHead(request, response, 417);
      });
    },
    close: (hurry) => closeGracefully(server, connections, drain, DRAIN_SECONDS * 1_000, hurry),
  };
}

function refuseHead(request: IncomingMessage, response: ServerResponse, status: number): void {
  const last = isLastAnswer(request) ? { connection: "close" } : {};
  response.writeHead(status, { "cache-control": "no-store", "content-length": 0, ...last }).end();
}
