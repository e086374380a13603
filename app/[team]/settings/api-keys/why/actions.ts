"use server";

import { runTeamAction } from "@/lib/actions";
import { explainStop } from "@/lib/insights/explain-stop";
import { stopQuestionSchema } from "@/lib/insights/stop-question";

/** Answers about a request id, a key, or the hash of a token; the token itself never gets here. */
export async function explainStopAction(team: string, input: unknown) {
  return runTeamAction(team, stopQuestionSchema, input, explainStop);
}
