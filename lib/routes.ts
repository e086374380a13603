import "server-only";
import { z } from "zod";
import { contextOf } from "@/lib/auth/request-context";
import { AppError, type AppErrorCode } from "@/lib/errors";
import { log } from "@/lib/log";
import { problem } from "@/lib/problem";
import { CLIENT_IP_HEADER, REQUEST_ID_HEADER } from "@/lib/request-headers";
import { presentedToken } from "@/lib/verification/bearer-token";
import type { Decision } from "@/lib/verification/decide";
import type { VerifiedKey } from "@/lib/verification/lookup";
import { bearerRefusal } from "@/lib/verification/refusals";
import { verifyToken } from "@/lib/verification/verify-token";

const STATUS: Record<AppErrorCode, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit_reached: 409,
  unavailable: 503,
};

type BearerCaller = { key: VerifiedKey; scopes: string[] };
type BearerHandler = (caller: BearerCaller, request: Request) => Promise<unknown>;

/**
 * A route handler for programs: verifies the Bearer token (RFC 6750), asks for `scope` if given,
 * and answers `{success, data}` with `successStatus`, or a problem (RFC 9457).
 */
export function bearerRoute(options: { scope?: string; successStatus?: number }, handler: BearerHandler) {
  return async (request: Request): Promise<Response> => {
    try {
      const caller = await identify(request, options.scope);
      if (caller instanceof Response) return caller;
      const data = await handler(caller, request);
      return Response.json({ success: true, data }, { status: options.successStatus ?? 200 });
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

async function identify(request: Request, scope: string | undefined): Promise<BearerCaller | Response> {
  const presented = presentedToken(request.headers.get("authorization"));
  if (presented.kind !== "token") return toResponse(bearerRefusal(presented.kind, instanceOf(request)));
  const { decision, key } = await verifyOr503(presented.token, scope, request);
  if (decision.code === "valid" && key) return { key, scopes: decision.scopes };
  return toResponse(bearerRefusal(decision as Exclude<Decision, { code: "valid" }>, instanceOf(request)));
}

/** When the database can't say, the answer is neither yes nor no. */
async function verifyOr503(token: string, scope: string | undefined, request: Request) {
  const context = contextOf(request.headers);
  return verifyToken(token, { scope }, context).catch((error: unknown) => {
    log.error({ err: String(error), ip: request.headers.get(CLIENT_IP_HEADER) }, "verification unavailable");
    throw new AppError("unavailable", "Latchkey can't reach its database. Try again in a moment.");
  });
}

/** The problem that stands for an error. Only errors written for the caller show their text. */
export function errorResponse(error: unknown, request: Request): Response {
  const instance = instanceOf(request);
  if (error instanceof AppError) {
    const response = problem({ status: STATUS[error.code], code: error.code, detail: error.message, instance });
    if (error.code === "unavailable") response.headers["Retry-After"] = "1";
    return toResponse(response);
  }
  if (error instanceof BodyError) {
    return toResponse(problem({ status: error.status, code: error.code, detail: error.message, instance }));
  }
  if (error instanceof z.ZodError) {
    const errors = error.issues.map((issue) => ({ pointer: pointerTo(issue.path), detail: issue.message }));
    return toResponse(
      problem({ status: 422, code: "invalid", detail: "Some fields can't be used as they are.", errors, instance }),
    );
  }
  log.error({ err: error }, "request failed");
  return toResponse(
    problem({
      status: 500,
      code: "internal",
      detail: "Latchkey failed to answer. The failure is in its log.",
      instance,
    }),
  );
}

/**
 * The request's JSON body, checked; throws `ZodError`, or a {@link BodyError} for what is not JSON at all.
 */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new BodyError(415, "unsupported_media_type", "Send the body as application/json.");
  const text = await request.text();
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new BodyError(400, "invalid_json", "The body is not valid JSON.");
    throw error;
  }
}

class BodyError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const instanceOf = (request: Request) => `urn:request:${request.headers.get(REQUEST_ID_HEADER) ?? "unknown"}`;

/** RFC 6901. */
function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function toResponse({ status, headers, body }: ReturnType<typeof problem>): Response {
  return new Response(body, { status, headers });
}
