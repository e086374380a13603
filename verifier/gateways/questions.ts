import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { headersOf } from "./echoing-api.ts";

/** The gateways' requests to the verifiers of this process: each one's head, before any handler read it. */
export interface Questions {
  asked: { method: string; url: string; headers: [name: string, value: string][] }[];
  stop(): void;
}

const CHANNEL = "http.server.request.start";

/** Listens in on every HTTP server of this process. */
export function overhearQuestions(): Questions {
  const asked: Questions["asked"] = [];
  const listener = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    const { method = "", url = "" } = request;
    if (url.startsWith("/api/v1/forward-auth")) asked.push({ method, url, headers: headersOf(request) });
  };
  subscribe(CHANNEL, listener);
  return { asked, stop: () => unsubscribe(CHANNEL, listener) };
}
