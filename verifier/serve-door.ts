import type { IncomingMessage, ServerResponse } from "node:http";
import { errorProblem } from "@/lib/error-problem";
import { log } from "@/lib/log";
import { problem } from "@/lib/problem";
import { shortUserAgent } from "@/lib/request-context";
import { sharedMoment } from "@/lib/shared-moment";
import { metrics } from "@/lib/verification/metrics";
import { instanceOf } from "@/lib/verification/refusals";
import { clientIp, type TrustedProxies } from "../server/client-ip.ts";
import { receiveBody } from "../server/receive-body.ts";
import { requestId } from "../server/request-id.ts";
import type { Door, DoorAnswer, DoorRequest } from "./door.ts";
import { doorAt } from "./doors.ts";

export interface DoorSettings {
  trustedProxies: TrustedProxies;
  isHttps: boolean;
}

const TWO_YEARS_SECONDS = 63_072_000;
const NO_BODY = Buffer.alloc(0);
const BODY_FAULTS = {
  "too large": { status: 413, code: "body_too_large", detail: "The request body is over 64 KB." },
  incomplete: { status: 400, code: "body_incomplete", detail: "The request body broke off." },
};

/** Answers a request for one of the doors; false when its path is none of theirs. */
export function serveDoor(request: IncomingMessage, response: ServerResponse, settings: DoorSettings): boolean {
  const url = request.url ?? "";
  const queryStart = url.indexOf("?");
  const door = doorAt(queryStart < 0 ? url : url.slice(0, queryStart));
  if (!door) return false;
  serve(door, queryStart < 0 ? "" : url.slice(queryStart + 1), request, response, settings).catch((error) => {
    // Not even the answer could be written: the client learns nothing, and all others are served on.
    log.error({ err: error }, "answer failed");
    response.destroy();
  });
  return true;
}

/**
 * After the answers to all tokens that were looked up together are made up. Then they are written in a row: taking turns,
 * our own work and the kernel's would each push the other's out of the caches.
 */
const allDecided = sharedMoment(process.nextTick);

async function serve(
  door: Door,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  settings: DoorSettings,
): Promise<void> {
  const begun = performance.now();
  // In the same turn in which the request came, before its first byte is delivered.
  const reception = request.method === "POST" ? receiveBody(request) : null;
  const doorRequest = readRequest(request, query, settings);
  let answer: DoorAnswer;
  try {
    const received = reception && (await reception);
    if (received && "body" in received) doorRequest.body = received.body;
    answer = received && "fault" in received ? bodyFault(received.fault, doorRequest) : await ask(door, doorRequest);
  } catch (error) {
    answer = errorProblem(error, doorRequest.instance);
  }
  await allDecided();
  send(response, answer, doorRequest, settings);
  if (door.name) metrics.answered(door.name, (performance.now() - begun) / 1_000);
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
    body: NO_BODY,
  };
}

/** Node keeps the first of several Authorization headers: whoever reads it must see that there were more. */
function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let count = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] as string;
    if (name.length === 13 && name.toLowerCase() === "authorization") count++;
  }
  return count > 1 ? `${headers.authorization}, bearer presented-twice` : headers.authorization;
}

function bodyFault(fault: keyof typeof BODY_FAULTS, { instance }: DoorRequest): DoorAnswer {
  const headers = fault === "too large" ? { connection: "close" } : undefined;
  return problem({ ...BODY_FAULTS[fault], instance, headers });
}

/** As a flat list, which Node writes out the fastest. */
const COMMON_HEADERS = [
  ["cache-control", "private, no-store"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"],
  ["x-content-type-options", "nosniff"],
].flat();

/** The headers of the answer that is being written: one list for all, because an answer's are written in one go. */
const headers = [...COMMON_HEADERS];

function send(response: ServerResponse, answer: DoorAnswer, request: DoorRequest, { isHttps }: DoorSettings): void {
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
  headers.length = end;
  response.writeHead(answer.status, headers);
  if (request.method === "HEAD") response.end();
  // What is ASCII anyway is written out in half the time when it is said to be.
  else response.end(answer.body, length === answer.body.length ? "latin1" : "utf8");
}
