import type { IncomingMessage, ServerResponse } from "node:http";
import { CLIENT_IP_HEADER, REQUEST_ID_HEADER } from "../lib/http/request-headers.ts";
import { presentedCredential } from "../lib/rest/presented-credential.ts";
import { logWhenAnswered } from "./access-log.ts";
import { isOwnChange } from "./change-origin.ts";
import { clientIp, type TrustedProxies } from "./client-ip.ts";
import { setFinalHeaders } from "./final-headers.ts";
import { maySendBody } from "./may-send-body.ts";
import { faultInNextProtocol } from "./next-protocol.ts";
import { secondsUntilPage } from "./page-throttle.ts";
import {
  announcesBody,
  type BodyFault,
  discardBody,
  type ReceivedBody,
  type Reception,
  receiveBody,
} from "./receive-body.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { pinHost, removeReservedHeaders, showRepeatedAuthorization } from "./request-headers.ts";
import { requestId } from "./request-id.ts";
import { hasLostParameter, readRequestTarget } from "./request-target.ts";
import { contentSecurityPolicy, securityHeaders } from "./security-headers.ts";

export interface AdmissionSettings {
  dev: boolean;
  /** APP_URL if set; the console then uses no other origin. */
  publicUrl: string | undefined;
  allowedOrigins: readonly string[];
  trustedProxies: TrustedProxies;
}

const API_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** Next would render a page for any method; server actions use POST. */
const PAGE_METHODS = ["GET", "HEAD", "POST"];

const BODY_REFUSALS: Record<BodyFault, Refusal> = {
  "too large": { status: 413, code: "body_too_large", detail: "The request body is over 64 KB." },
  incomplete: { status: 400, code: "body_incomplete", detail: "The request body is incomplete." },
  "no room": {
    status: 503,
    code: "unavailable",
    detail: "Too many long request bodies are arriving. Try again in a moment.",
    headers: { "retry-after": "1" },
  },
};

/** A request that passed all checks. */
export interface Admission {
  /** Call when the response is finished. */
  release(): void;
}

/**
 * Checks every request before Next. Responds and returns null if the request is denied; otherwise replaces the
 * request's headers with trustworthy values.
 */
export async function admit(
  request: IncomingMessage,
  response: ServerResponse,
  settings: AdmissionSettings,
): Promise<Admission | null> {
  const { method = "", url = "" } = request;
  const { path, refusal: pathRefusal } = readRequestTarget(url);
  const body = bodyOf(request, response, path);
  const identity = identify(request, settings);
  response.setHeader(REQUEST_ID_HEADER, identity.requestId);
  logWhenAnswered(response, { method, path, ...identity });
  guard(request, response, settings);
  setFinalHeaders(request, response, path, settings.dev);

  const refusal =
    pathRefusal ??
    queryRefusal(url, path) ??
    methodRefusal(method, path) ??
    originRefusal(request, path, settings) ??
    (await throttleRefusal(request, path, identity.ip)) ??
    (await bodyRefusal(request, path, await body.reception));
  if (!refusal) return body;
  body.release();
  refuse(response, path, refusal);
  return null;
}

const NO_BODY = { reception: Promise.resolve({ body: Buffer.alloc(0) }), release: () => {} };

function bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Pick<ReceivedBody, "reception" | "release"> {
  if (maySendBody(path, request.headers)) return receiveBody(request, response);
  if (announcesBody(request)) discardBody(request);
  return NO_BODY;
}

/** Replaces what the client claims about itself with verified values. */
function identify(request: IncomingMessage, settings: AdmissionSettings): { ip: string | null; requestId: string } {
  const { headers, socket } = request;
  const id = requestId(headers[REQUEST_ID_HEADER]);
  const ip = clientIp(socket.remoteAddress, headers, settings.trustedProxies);
  removeReservedHeaders(headers);
  showRepeatedAuthorization(request);
  const address = settings.publicUrl ?? settings.allowedOrigins.find((origin) => origin === headers.origin);
  if (address) pinHost(headers, address);
  headers[REQUEST_ID_HEADER] = id;
  if (ip !== null) headers[CLIENT_IP_HEADER] = ip;
  return { ip, requestId: id };
}

/** Next takes its scripts' nonce from the policy in the request headers. */
function guard(request: IncomingMessage, response: ServerResponse, { dev, publicUrl }: AdmissionSettings): void {
  const policy = contentSecurityPolicy(dev);
  const isHttps = publicUrl?.startsWith("https:") ?? false;
  request.headers["content-security-policy"] = policy;
  for (const [name, value] of Object.entries(securityHeaders(policy, isHttps))) response.setHeader(name, value);
}

/** The API rejects all unknown parameters; pages ignore them. */
function queryRefusal(url: string, path: string): Refusal | undefined {
  if (!path.startsWith("/api/") || !hasLostParameter(url)) return undefined;
  const errors = [{ parameter: "__proto__", detail: "This parameter doesn't exist." }];
  return { status: 422, code: "invalid", detail: "Some parameters are invalid.", errors };
}

function methodRefusal(method: string, path: string): Refusal | undefined {
  const methods = path.startsWith("/api/") ? API_METHODS : PAGE_METHODS;
  if (methods.includes(method)) return undefined;
  return {
    status: 405,
    code: "method_not_allowed",
    detail: `The method ${method} is not supported here.`,
    headers: { allow: methods.join(", ") },
  };
}

function originRefusal(
  { method = "", headers }: IncomingMessage,
  path: string,
  { allowedOrigins }: AdmissionSettings,
): Refusal | undefined {
  const fetchSite = headers["sec-fetch-site"]?.toString();
  const showsCredential = presentedCredential(headers.authorization).kind !== "none";
  const hasCookie = headers.cookie !== undefined;
  const change = { method, path, fetchSite, origin: headers.origin, showsCredential, hasCookie };
  if (isOwnChange(change, allowedOrigins)) return undefined;
  return {
    status: 403,
    code: "cross_site_request",
    detail:
      `Changes must come from the console's own pages (${allowedOrigins[0]}). ` +
      "If you opened it at another URL, set APP_URL to that URL and restart.",
  };
}

async function throttleRefusal(
  { headers }: IncomingMessage,
  path: string,
  ip: string | null,
): Promise<Refusal | undefined> {
  const seconds = await secondsUntilPage(path, headers, ip);
  if (seconds === 0) return undefined;
  return {
    status: 429,
    code: "too_many_requests",
    detail: "Too many pages were opened from your network without signing in. Try again in a few seconds.",
    headers: { "retry-after": String(seconds) },
  };
}

async function bodyRefusal(
  { method = "", headers }: IncomingMessage,
  path: string,
  reception: Reception,
): Promise<Refusal | undefined> {
  if ("fault" in reception) return BODY_REFUSALS[reception.fault];
  if (path.startsWith("/api/")) return undefined;
  const fault = await faultInNextProtocol(method, headers, reception.body);
  return fault ? { status: 400, code: "malformed_request", detail: fault } : undefined;
}
