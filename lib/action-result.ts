import type { AppErrorCode } from "@/lib/errors";

/** A server action's result: data, or a failure with a sentence and messages by field. */
export type ActionResult<Data> = { ok: true; data: Data } | ActionFailure;

export type ActionFailure = {
  ok: false;
  error: { code: AppErrorCode; message: string; fields: Record<string, string> };
};
