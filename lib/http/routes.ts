import "server-only";
import type { z } from "zod";
import { errorProblem } from "@/lib/http/error-problem";
import { parseJson } from "@/lib/http/json-body";
import type { Problem } from "@/lib/http/problem";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import { instanceOf } from "@/lib/verification/refusals";

/**
 * A route handler for programs: returns the handler's result as `{success, data}` with `successStatus`, and its errors
 * as problems (RFC 9457).
 */
export function apiRoute(handler: (request: Request) => Promise<unknown>, { successStatus = 200 } = {}) {
  return async (request: Request): Promise<Response> => {
    try {
      return Response.json({ success: true, data: await handler(request) }, { status: successStatus });
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

/** The problem for an error. Only errors written for the caller expose their text. */
export function errorResponse(error: unknown, request: Request): Response {
  return toResponse(errorProblem(error, instanceOf(request.headers.get(REQUEST_ID_HEADER))));
}

/** Parses and validates the JSON body. Throws `ZodError`, or `BodyError` if it isn't JSON. */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  return parseJson(request.headers.get("content-type"), await request.text(), schema);
}

function toResponse({ status, headers, body }: Problem): Response {
  return new Response(body, { status, headers });
}
