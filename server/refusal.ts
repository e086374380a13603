import type { ServerResponse } from "node:http";
import { problem } from "../lib/http/problem.ts";
import { REQUEST_ID_HEADER } from "../lib/http/request-headers.ts";

/** Why a request is denied before it reaches Next. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  errors?: { parameter: string; detail: string }[];
  headers?: Record<string, string>;
}

/** Programs get a problem document, browsers plain text. */
export function refuse(response: ServerResponse, path: string, refusal: Refusal): void {
  if (path.startsWith("/api/")) {
    const requestId = response.getHeader(REQUEST_ID_HEADER);
    const instance = typeof requestId === "string" ? `urn:request:${requestId}` : undefined;
    const { status, headers, body } = problem({ ...refusal, instance });
    response.writeHead(status, headers).end(body);
    return;
  }
  const headers = { "content-type": "text/plain; charset=utf-8", ...refusal.headers };
  response.writeHead(refusal.status, headers).end(`${refusal.detail}\n`);
}
