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
import type { Door, DoorAnswer, DoorRequest } from "./endpoint.ts";
import { doorAt } from "./endpoints.ts";

export interface DoorSettings {
  trustedProxies: TrustedProxies;
  isHttps: boolean;
  drain: Drain;
}

const TWO_YEARS_SECONDS = 63_072_000;
const NO_BODY = Buffer.alloc(0);
const BODY_FAULTS = {
  "too large": { status: 413, code: "body_too_large", detail: "The request body is over 64 KB." },
  incomplete: { status: 400, code: "body_incomplete", detail: "The request body broke off." },
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
export function serveDoor(request: IncomingMessage, response: ServerResponse, settings: DoorSettings): boolean {
  const url = request.url ?? "";
  const queryStart = url.indexOf("?");
  const door = doorAt(queryStart < 0 ? url : url.slice(0, queryStart));
  if (!door) return false;
  const query = queryStart < 0 ? "" : url.slice(queryStart + 1);
  serve(door, query, request, response, settings).catch((error) => abort(response, error));
  return true;
}

/** Serves a request to an unknown path: 404, with the headers of every response. */
export function serveNoDoor(request: IncomingMessage, response: ServerResponse, settings: DoorSettings): void {
  serve(NO_DOOR, "", request, response, settings).catch((error) => abort(response, error));
}

const NO_DOOR: Door = {
  methods: "any",
  answer: ({ instance }) => problem({ status: 404, code: "not_found", detail: "There is no such endpoint.", instance }),
};

/** Writing the response failed: closes this connection, so that the process goes on serving others. */
function abort(response: ServerResponse, error: unknown): void {
  log.error({ err: error }, "response failed");
  response.destroy();
}

async function serve(
  door: Door,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  settings: DoorSettings,
): Promise<void> {
  const begun = performance.now();
  const doorRequest = readRequest(request, query, settings);
  // In the same tick as the request event, before the first byte of the body is delivered.
  const body = readsBody(door, doorRequest) ? receiveBody(request, response) : null;
  if (!body && announcesBody(request)) discardBody(request);
  let answer: DoorAnswer;
  try {
    const received = body && (await body.reception);
    if (received && "body" in received) doorRequest.body = received.body;
    answer = received && "fault" in received ? bodyFault(received.fault, doorRequest) : await ask(door, doorRequest);
  } catch (error) {
    answer = errorProblem(error, doorRequest.instance);
  }
  body?.release();
  if (settings.drain.pause) await settings.drain.pause;
  send(request, response, answer, doorRequest, settings);
  if (!door.name) return;
  if (answer.status === 200) proveConnection(request);
  metrics.answered(door.name, (performance.now() - begun) / 1_000);
}

/** Only with a token: a body costs memory, which anonymous callers must not be able to take. */
function readsBody({ takesBody }: Door, request: DoorRequest): boolean {
  return takesBody === true && request.method === "POST" && presentsToken(request);
}

function ask(door: Door, request: DoorRequest): DoorAnswer | Promise<DoorAnswer> {
  const { methods } = door;
  if (methods === "any" || methods.includes(request.method)) return door.answer(request);
  const detail = `The method ${request.method} is not supported here.`;
  const headers = { allow: methods.join(", ") };
  return problem({ status: 405, code: "method_not_allowed", detail, instance: request.instance, headers });
}

function readRequest(request: IncomingMessage, query: string, settings: DoorSettings): DoorRequest {
  const { headers, socket } = request;
  const socketAddress = socket.remoteAddress;
  const ip = clientIp(socketAddress, headers, settings.trustedProxies);
  const id = requestId(headers["x-request-id"]);
  return {
    method: request.method ?? "GET",
    query,
    headers,
    authorization: authorizationOf(request),
    context: { ip, userAgent: shortUserAgent(headers["user-agent"]) },
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

function bodyFault(fault: BodyFault, { instance }: DoorRequest): DoorAnswer {
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
  response: ServerResponse,
  answer: DoorAnswer,
  request: DoorRequest,
  { isHttps }: DoorSettings,
): void {
  if (response.destroyed) return;
  let end = COMMON_HEADERS.length;
  const add = (name: string, value: string) => {
    headers[end++] = name;
    headers[end++] = value;
  };
  add("x-request-id", request.requestId);
  for (const name in answer.headers) {
    if (name !== "cache-control") add(name, answer.headers[name] as string);
  }
  if (isHttps) add("strict-transport-security", `max-age=${TWO_YEARS_SECONDS}`);
  const length = answer.isAscii ? answer.body.length : Buffer.byteLength(answer.body);
  add("content-length", String(length));
  if (isLastAnswer(incoming)) add("connection", "close");
  headers.length = end;
  response.writeHead(answer.status, headers);
  if (request.method === "HEAD") response.end();
  // Node writes ASCII in half the time as latin1.
  else response.end(answer.body, length === answer.body.length ? "latin1" : "utf8");
}
