import { STATUS_CODES } from "node:http";

export interface ProblemInput {
  status: number;
  /** Stable and snake_case: what programs decide on. */
  code: string;
  /** A sentence for the person who reads the answer. */
  detail: string;
  title?: string;
  /** What is at fault: by a JSON pointer (RFC 6901) into the request's body, or by the name of a query's parameter. */
  errors?: ({ pointer: string; detail: string } | { parameter: string; detail: string })[];
  instance?: string;
  /** Beside the usual ones, e.g. `WWW-Authenticate`. */
  headers?: Record<string, string>;
}

/** An answer for any HTTP layer: hand it to `new Response(body, …)` or to `response.writeHead(…)`. */
export interface Problem {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An error as RFC 9457 describes it, with `success: false` like every other answer of the API. */
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
