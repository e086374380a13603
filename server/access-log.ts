import type { ServerResponse } from "node:http";
import { log } from "../lib/log.ts";

const UNLOGGED = /^\/(?:_next\/static|api\/health)\//;

export interface LoggedRequest {
  method: string;
  /** Without the query, which may hold a code. */
  path: string;
  /** Null where it can't be known. */
  ip: string | null;
  requestId: string;
}

/** Writes one line when the request has been answered, or given up by the client. */
export function logWhenAnswered(response: ServerResponse, request: LoggedRequest): void {
  if (UNLOGGED.test(request.path)) return;
  const begun = performance.now();
  response.once("close", () => {
    const ms = Math.round(performance.now() - begun);
    log.info(
      { ...request, status: response.statusCode, ms, aborted: !response.writableFinished || undefined },
      "request",
    );
  });
}
