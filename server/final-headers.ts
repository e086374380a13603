import type { IncomingMessage, ServerResponse } from "node:http";
import { cacheControl } from "./cache-policy.ts";
import { isLastAnswer } from "./connections.ts";

/** Has the last word when the head of the answer is written: Next sets a Cache-Control of its own before. */
export function setFinalHeaders(request: IncomingMessage, response: ServerResponse, path: string, dev: boolean): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.setHeader("cache-control", cacheControl(path, status, dev));
    if (isLastAnswer(request)) response.setHeader("connection", "close");
    return writeHead(status, ...rest);
  };
}
