import "server-only";
import { recordRefusal } from "@/lib/audit/record-refusal";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { Refused } from "@/lib/http/error-problem";
import { problem } from "@/lib/http/problem";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import { errorResponse } from "@/lib/http/routes";
import { actorOf } from "@/lib/rest/actor";
import type { MadeKeyJson } from "@/lib/rest/key-json";
import { instanceOf } from "@/lib/verification/refusals";

/** The members next to `success: true`; the default status is 200. */
export type RestAnswer = {
  status?: number;
  headers?: Record<string, string>;
  body: { data: unknown; next_cursor?: string | null };
};

type RouteContext = { params: Promise<Record<string, string> | undefined> };
type Handler = (actor: Actor, request: Request, id: string) => Promise<RestAnswer>;

/** A route handler for key management: resolves the actor, calls `handle`, and turns errors into problems. */
export function managementRoute(handle: Handler) {
  return async (request: Request, { params }: RouteContext): Promise<Response> => {
    let actor: Actor | undefined;
    try {
      actor = await actorOf(request);
      return restResponse(await handle(actor, request, (await params)?.id ?? ""));
    } catch (error) {
      if (actor && error instanceof AppError && error.code === "forbidden") await recordRefusal(actor, error.message);
      return errorResponse(error, request);
    }
  };
}

export function restResponse({ status = 200, headers, body }: RestAnswer): Response {
  return Response.json({ success: true, ...body }, { status, headers });
}

/** 201 for a new key, 200 for one that the same request created before. */
export function madeKeyAnswer(data: MadeKeyJson): RestAnswer {
  if (data.token !== null) return { status: 201, headers: { location: `/api/v1/api-keys/${data.id}` }, body: { data } };
  return { headers: { "idempotency-replayed": "true" }, body: { data } };
}

/** For methods that an endpoint doesn't support. */
export function methodNotAllowed(...allowed: string[]) {
  return (request: Request): Response => {
    const instance = instanceOf(request.headers.get(REQUEST_ID_HEADER));
    const detail = `The method ${request.method} is not supported here.`;
    const headers = { allow: allowed.join(", ") };
    const refusal = problem({ status: 405, code: "method_not_allowed", detail, instance, headers });
    return errorResponse(new Refused(refusal), request);
  };
}
