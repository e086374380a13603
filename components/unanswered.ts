import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from "next/navigation";
import type { ActionFailure } from "@/lib/action-result";

/** The request may or may not have arrived. */
const UNREACHED = failure(
  "Latchkey didn't respond. Check your connection, then reload to see whether your change was saved.",
);

/** The page is from a build that the server no longer runs. */
const NEW_VERSION = failure(
  "A new version of Latchkey is available, and nothing was changed. Reload the page to continue.",
);

/** The result for an action whose promise was rejected, by its error. */
export function unanswered(error: unknown): ActionFailure {
  return error instanceof Error && isUnrecognizedAction(error) ? NEW_VERSION : UNREACHED;
}

function failure(message: string): ActionFailure {
  return { ok: false, error: { code: "unavailable", message, fields: {} } };
}
