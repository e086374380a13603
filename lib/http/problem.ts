import { STATUS_CODES } from "node:http";

export interface ProblemInput {
  status: number;
  /** Stable and snake_case, for programs. */
  code: string;
  /** A sentence for people. */
  detail: string;
  title?: string;
  /** Locations of errors: a JSON pointer (RFC 6901) into the request's body, or the name of a query parameter. */
  errors?: ({ pointer: string; detail: string } | { parameter: string; detail: string })[];
  instance?: string;
  /** In addition to the usual ones, e.g. `WWW-Authenticate`. */
  headers?: Record<string, string>;
}

/** A response for any HTTP layer: pass it to `new Response(body, …)` or `response.writeHead(…)`. */
export interface Problem {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An RFC 9457 problem, with `success: false` as in all API responses. */
export function problem({ status, code, detail, title, errors, instance, headers }: ProblemInput): Problem {
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "private, no-store", ...headers },
    body: JSON.stringify({
      type: "about:blank",
      title: title ?? STATUS_CODES[status] ?? "Error",
      status,
      detail,
      instance,
      success: false,
      code,
      errors,
    }),
  };
}
