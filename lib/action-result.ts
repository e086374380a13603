import "server-only";
import { ZodError, type z } from "zod";
import { databaseTrouble, NOT_CHANGED, OutcomeUnknown } from "@/lib/database/database-away";
import { AppError, type AppErrorCode } from "@/lib/errors";
import { log } from "@/lib/log";

/** A server action's result: data, or a failure with a sentence and messages by field. */
export type ActionResult<Data> = { ok: true; data: Data } | ActionFailure;

export type ActionFailure = {
  ok: false;
  error: { code: AppErrorCode; message: string; fields: Record<string, string> };
};

/** The result for an error; its text is returned only if it was written for users. */
export function failure(error: unknown): ActionFailure {
  if (error instanceof AppError) {
    return { ok: false, error: { code: error.code, message: error.message, fields: error.fields } };
  }
  if (error instanceof ZodError) {
    return {
      ok: false,
      error: { code: "invalid", message: "Check the marked fields.", fields: fieldsOf(error) },
    };
  }
  const trouble = databaseTrouble(error);
  log[trouble ? "warn" : "error"]({ err: error }, "action failed");
  if (error instanceof OutcomeUnknown) return unavailable(OUTCOME_UNKNOWN);
  return unavailable(trouble ? NOT_CHANGED[trouble] : FAILED);
}

const OUTCOME_UNKNOWN =
  "The database connection was lost while saving. Your change may have been made: reload the page and check before you try again.";
const FAILED = "Something went wrong, and nothing was changed. Try again in a moment.";

function unavailable(message: string): ActionFailure {
  return { ok: false, error: { code: "unavailable", message, fields: {} } };
}

/** The first message of each top-level field. */
function fieldsOf(error: ZodError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? "form");
    fields[field] ??= issue.code === "invalid_union" ? deepestMessage(issue) : issue.message;
  }
  return fields;
}

/** A union only reports that nothing matched; the member that got furthest has the useful message. */
function deepestMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  const nested = issue.errors.flat().filter((inner) => inner.code === "custom" || inner.code === "invalid_format");
  return nested[0]?.message ?? issue.message;
}
