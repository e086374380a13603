"use server";

import { runTeamAction } from "@/lib/actions";
import { explainStop } from "@/lib/insights/explain-stop";
import { stopQuestionSchema } from "@/lib/insights/stop-question";

/** Explains a request ID, a key, or a token's hash; the token itself is never sent. */
export async function explainStopAction(team: string, input: unknown) {
  return runTeamAction(team, stopQuestionSchema, input, explainStop);
}
