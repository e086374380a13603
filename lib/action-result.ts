import type { AppErrorCode } from "@/lib/errors";

/** What a server action answers: the data, or a failure with a sentence and messages by field. */
export type ActionResult<Data> = { ok: true; data: Data } | ActionFailure;

export type ActionFailure = {
  ok: false;
  error: { code: AppErrorCode; message: string; fields: Record<string, string> };
};

/** What the browser makes of an action that got no answer: the request may or may not have arrived. */
export const UNREACHED: ActionFailure = {
  ok: false,
  error: {
    code: "unavailable",
    message: "Latchkey didn't answer. Check your connection, then reload to see whether the change was made.",
    fields: {},
  },
};
