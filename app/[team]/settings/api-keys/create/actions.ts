"use server";

import { runTeamAction } from "@/lib/actions";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { readLastUse } from "@/lib/api-keys/queries";
import { apiKeyIdSchema, createApiKeyFormSchema } from "@/lib/api-keys/schemas";

export async function createApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, createApiKeyFormSchema, input, createApiKey);
}

/** The key's last use, for the dialog that waits for the first request. */
export async function readLastUseAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, (actor, { id }) => readLastUse(actor, id));
}
