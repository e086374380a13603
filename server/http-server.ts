import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { env } from "../lib/env.ts";
import { answerClientError } from "./client-error.ts";
import { closeGracefully, type Drain } from "./close-gracefully.ts";
import { Connections, isLastAnswer } from "./connections.ts";

/** Gateways and load balancers keep idle connections for about a minute: ours must be the side that closes later. */
const IDLE_MS = 75_000;
/** For a request to arrive: its head, and all of it. Node looks for those that take longer every few seconds. */
const ARRIVAL = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
/** In a request's head. Of 16 KB of the shortest ones Node makes some 100 KB of strings, for each connection. */
const MAX_HEADER_FIELDS = 100;
/** A client that neither sends nor reads, in the middle of a request or an answer. */
const SILENCE_MS = 120_000;

/** A server whose clients can't take more of the process than they are given. */
export interface HttpServer {
  server: Server;
  drain: Drain;
  serve(handle: RequestListener): void;
  /** Stops without failing a request: see {@link closeGracefully}. */
  close(hurry?: AbortSignal): Promise<void>;
}

/** An HTTP server with the bounds that docs/configuration.md lists; it doesn't listen yet. */
export function createHttpServer(): HttpServer {
  const { MAX_CONNECTIONS, MAX_REQUESTS_PER_CONNECTION, DRAIN_SECONDS } = env();
  const server = createServer({ ...ARRIVAL, keepAliveTimeout: IDLE_MS });
  server.timeout = SILENCE_MS;
  // Node silently drops the fields after these. Keeping one more than is allowed shows that there were too many.
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
      // Whoever waits for leave to send a body gets it from who reads the body, or else an answer.
      server.on("request", admit).on("checkContinue", admit);
      // Node would answer it past all bounds.
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
