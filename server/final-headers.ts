import type { IncomingMessage, ServerResponse } from "node:http";
import { cacheControl } from "./cache-policy.ts";
import { isLastAnswer } from "./connections.ts";

/** Applied when the response's head is written, because Next sets its own Cache-Control before. */
export function setFinalHeaders(request: IncomingMessage, response: ServerResponse, path: string, dev: boolean): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.setHeader("cache-control", cacheControl(path, status, dev));
    if (isLastAnswer(request)) response.setHeader("connection", "close");
    return writeHead(status, ...rest);
  };
}
