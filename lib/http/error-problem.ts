import "server-only";
import { z } from "zod";
import { databaseTrouble, NOT_CHANGED, OutcomeUnknown } from "@/lib/database/database-away";
import { AppError, type AppErrorCode, TooManyRequests } from "@/lib/errors";
import { BodyError } from "@/lib/http/json-body";
import { type Problem, problem } from "@/lib/http/problem";
import { QueryError } from "@/lib/http/query";
import { log } from "@/lib/log";
import { failed, unavailable } from "@/lib/verification/refusals";

const STATUS: Record<AppErrorCode, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit_reached: 409,
  too_many_requests: 429,
  unavailable: 503,
};

const OUTCOME_UNKNOWN =
  "The connection to the database was lost while this was being saved. The change may have been made: check before you retry, or retry with the same Idempotency-Key.";

/** Carries a complete response, e.g. a challenge. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`refused with ${problem.status}`);
  }
}

/** The problem for an error. Only errors written for the caller expose their text. */
export function errorProblem(error: unknown, instance: string): Problem {
  if (error instanceof Refused) return error.problem;
  if (error instanceof AppError) {
    const headers = retryAfter(error);
    const fields = Object.entries(error.fields);
    const errors =
      fields.length > 0 ? fields.map(([name, detail]) => ({ pointer: pointerTo([name]), detail })) : undefined;
    return problem({ status: STATUS[error.code], code: error.code, detail: error.message, errors, instance, headers });
  }
  if (error instanceof BodyError) {
    return problem({ status: error.status, code: error.code, detail: error.message, instance });
  }
  if (error instanceof QueryError) {
    const detail = "Some parameters are invalid.";
    return problem({ status: 422, code: "invalid", detail, errors: error.errors, instance });
  }
  if (error instanceof z.ZodError) {
    const errors = error.issues.flatMap(fieldErrors);
    return problem({
      status: 422,
      code: "invalid",
      detail: "Some fields are invalid.",
      errors,
      instance,
    });
  }
  if (error instanceof OutcomeUnknown) {
    log.error({ err: error }, "connection lost while committing");
    // Without Retry-After, which some clients take as permission to resend automatically.
    return problem({ status: 503, code: "outcome_unknown", detail: OUTCOME_UNKNOWN, instance });
  }
  const trouble = databaseTrouble(error);
  if (trouble) {
    log.warn({ err: error, trouble }, "request failed: database trouble");
    if (trouble === "away") return unavailable(instance);
    const headers = { "Retry-After": trouble === "locked" ? "1" : "30" };
    return problem({ status: 503, code: "unavailable", detail: NOT_CHANGED[trouble], instance, headers });
  }
  log.error({ err: error }, "request failed");
  return failed(instance);
}

function retryAfter(error: AppError): Record<string, string> | undefined {
  if (error instanceof TooManyRequests) return { "Retry-After": String(error.retryAfterSeconds) };
  return error.code === "unavailable" ? { "Retry-After": "1" } : undefined;
}

/** An unknown field is reported itself, not its parent. */
function fieldErrors(issue: z.core.$ZodIssue) {
  if (issue.code !== "unrecognized_keys") return [{ pointer: pointerTo(issue.path), detail: issue.message }];
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: "This field doesn't exist." }));
}

/** RFC 6901. */
function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
