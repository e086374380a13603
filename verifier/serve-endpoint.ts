import type { IncomingMessage, ServerResponse } from "node:http";
import { errorProblem } from "@/lib/http/error-problem";
import { problem } from "@/lib/http/problem";
import { shortUserAgent } from "@/lib/http/request-context";
import { log } from "@/lib/log";
import { metrics } from "@/lib/verification/metrics";
import { instanceOf } from "@/lib/verification/refusals";
import { clientIp, type TrustedProxies } from "../server/client-ip.ts";
import type { Drain } from "../server/close-gracefully.ts";
import { isLastAnswer, proveConnection } from "../server/connections.ts";
import { announcesBody, type BodyFault, discardBody, receiveBody } from "../server/receive-body.ts";
import { requestId } from "../server/request-id.ts";
import { presentsToken } from "./caller.ts";
import type { Endpoint, EndpointRequest, EndpointResponse } from "./endpoint.ts";
import { endpointAt } from "./endpoints.ts";

export interface EndpointSettings {
  trustedProxies: TrustedProxies;
  isHttps: boolean;
  drain: Drain;
}

const TWO_YEARS_SECONDS = 63_072_000;
const NO_BODY = Buffer.alloc(0);
const BODY_FAULTS = {
  "too large": { status: 413, code: "body_too_large", detail: "The request body is over 64 KB." },
  incomplete: { status: 400, code: "body_incomplete", detail: "The request body is incomplete." },
  "no room": {
    ...{
      status: 503,
      code: "unavailable",
      detail: "Too many long request bodies are arriving. Try again in a moment.",
    },
    headers: { "retry-after": "1" },
  },
} satisfies Record<BodyFault, object>;

/** Serves a request to an endpoint of the verification service. Returns false if there is none at its path. */
export function serveEndpoint(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  settings: EndpointSettings,
): boolean {
  const url = incoming.url ?? "";
  const queryStart = url.indexOf("?");
  const endpoint = endpointAt(queryStart < 0 ? url : url.slice(0, queryStart));
  if (!endpoint) return false;
  const query = queryStart < 0 ? "" : url.slice(queryStart + 1);
  serve(endpoint, query, incoming, outgoing, settings).catch((error) => abort(outgoing, error));
  return true;
}

/** Serves a request to an unknown path: 404, with the headers of every response. */
export function serveNotFound(incoming: IncomingMessage, outgoing: ServerResponse, settings: EndpointSettings): void {
  serve(NOT_FOUND, "", incoming, outgoing, settings).catch((error) => abort(outgoing, error));
}

const NOT_FOUND: Endpoint = {
  methods: "any",
  handle: ({ instance }) => problem({ status: 404, code: "not_found", detail: "Endpoint not found.", instance }),
};

/** Writing the response failed: closes this connection, so that the process goes on serving others. */
function abort(outgoing: ServerResponse, error: unknown): void {
  log.error({ err: error }, "response failed");
  outgoing.destroy();
}

async function serve(
  endpoint: Endpoint,
  query: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  settings: EndpointSettings,
): Promise<void> {
  const begun = performance.now();
  const request = readRequest(incoming, query, settings);
  // In the same tick as the request event, before the first byte of the body is delivered.
  const body = readsBody(endpoint, request) ? receiveBody(incoming, outgoing) : null;
  if (!body && announcesBody(incoming)) discardBody(incoming);
  let response: EndpointResponse;
  try {
    const received = body && (await body.reception);
    if (received && "body" in received) request.body = received.body;
    response = received && "fault" in received ? bodyFault(received.fault, request) : await handle(endpoint, request);
  } catch (error) {
    response = errorProblem(error, request.instance);
  }
  body?.release();
  if (settings.drain.pause) await settings.drain.pause;
  send(incoming, outgoing, response, request, settings);
  if (!endpoint.name) return;
  if (response.status === 200) proveConnection(incoming);
  metrics.answered(endpoint.name, (performance.now() - begun) / 1_000);
}

/** Only with a token: a body costs memory, which anonymous callers must not be able to take. */
function readsBody({ takesBody }: Endpoint, request: EndpointRequest): boolean {
  return takesBody === true && request.method === "POST" && presentsToken(request);
}

function handle(endpoint: Endpoint, request: EndpointRequest): EndpointResponse | Promise<EndpointResponse> {
  const { methods } = endpoint;
  if (methods === "any" || methods.includes(request.method)) return endpoint.handle(request);
  const detail = `The method ${request.method} is not supported here.`;
  const headers = { allow: methods.join(", ") };
  return problem({ status: 405, code: "method_not_allowed", detail, instance: request.instance, headers });
}

function readRequest(incoming: IncomingMessage, query: string, settings: EndpointSettings): EndpointRequest {
  const { headers, socket } = incoming;
  const socketAddress = socket.remoteAddress;
  const ip = clientIp(socketAddress, headers, settings.trustedProxies);
  const id = requestId(headers["x-request-id"]);
  return {
    method: incoming.method ?? "GET",
    query,
    headers,
    authorization: authorizationOf(incoming),
    client: { ip, userAgent: shortUserAgent(headers["user-agent"]) },
    socketAddress,
    requestId: id,
    instance: instanceOf(id),
    credential: undefined,
    body: NO_BODY,
    isDraining: settings.drain.isOn,
  };
}

/** Node keeps only the first of several Authorization headers: append a marker that makes parsers refuse duplicates. */
function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let count = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] as string;
    if (name.length === 13 && name.toLowerCase() === "authorization") count++;
  }
  return count > 1 ? `${headers.authorization}, bearer presented-twice` : headers.authorization;
}

function bodyFault(fault: BodyFault, { instance }: EndpointRequest): EndpointResponse {
  return problem({ ...BODY_FAULTS[fault], instance });
}

/** A flat list, the form that Node writes fastest. */
const COMMON_HEADERS = [
  ["cache-control", "private, no-store"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"],
  ["x-content-type-options", "nosniff"],
].flat();

/** Reused for every response: filled and written synchronously. */
const headers = [...COMMON_HEADERS];

function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: EndpointResponse,
  request: EndpointRequest,
  { isHttps }: EndpointSettings,
): void {
  if (outgoing.destroyed) return;
  let end = COMMON_HEADERS.length;
  const add = (name: string, value: string) => {
    headers[end++] = name;
    headers[end++] = value;
  };
  add("x-request-id", request.requestId);
  for (const name in response.headers) {
    if (name !== "cache-control") add(name, response.headers[name] as string);
  }
  if (isHttps) add("strict-transport-security", `max-age=${TWO_YEARS_SECONDS}`);
  const length = response.isAscii ? response.body.length : Buffer.byteLength(response.body);
  add("content-length", String(length));
  if (isLastAnswer(incoming)) add("connection", "close");
  headers.length = end;
  outgoing.writeHead(response.status, headers);
  if (request.method === "HEAD") outgoing.end();
  // Node writes ASCII in half the time as latin1.
  else outgoing.end(response.body, length === response.body.length ? "latin1" : "utf8");
}
