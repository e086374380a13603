"use server";

import { runTeamAction } from "@/lib/actions";
import { apiKeyIdsSchema } from "@/lib/api-keys/revoke/bulk-schemas";
import { previewRevocation } from "@/lib/api-keys/revoke/preview-revocation";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { revokeMany } from "@/lib/api-keys/revoke/revoke-many";
import { apiKeyIdSchema } from "@/lib/api-keys/schemas";

export async function revokeApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, revokeApiKey);
}

export async function previewRevocationAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdsSchema, input, previewRevocation);
}

export async function revokeManyAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdsSchema, input, revokeMany);
}
