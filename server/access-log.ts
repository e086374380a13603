import type { ServerResponse } from "node:http";
import { log } from "../lib/log.ts";

const UNLOGGED = /^\/(?:_next\/static|api\/health)\//;

export interface LoggedRequest {
  method: string;
  /** Excludes the query, which can contain a secret code. */
  path: string;
  /** Null if unknown. */
  ip: string | null;
  requestId: string;
}

/** Logs one line when the response is finished or the client has disconnected. */
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
