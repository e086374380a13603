"use server";

import { runTeamAction } from "@/lib/actions";
import { changeExpiry } from "@/lib/api-keys/change-expiry";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { readLastUse } from "@/lib/api-keys/queries";
import { renameApiKey } from "@/lib/api-keys/rename-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key";
import { apiKeyIdSchema, changeExpirySchema, createApiKeySchema, renameApiKeySchema } from "@/lib/api-keys/schemas";

export async function createApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, createApiKeySchema, input, createApiKey);
}

export async function renameApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, renameApiKeySchema, input, renameApiKey);
}

export async function changeExpiryAction(team: string, input: unknown) {
  return runTeamAction(team, changeExpirySchema, input, changeExpiry);
}

export async function revokeApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, revokeApiKey);
}

/** When the key was last used, for the dialog that waits for the first request. */
export async function readLastUseAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, (actor, { id }) => readLastUse(actor, id));
}
