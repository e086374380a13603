"use server";

import { runTeamAction } from "@/lib/actions";
import { apiKeyIdsSchema } from "@/lib/api-keys/revoke/bulk-schemas";
import { previewRevocation } from "@/lib/api-keys/revoke/preview-revocation";
import { revokeMany } from "@/lib/api-keys/revoke/revoke-many";

export async function previewRevocationAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdsSchema, input, previewRevocation);
}

export async function revokeManyAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdsSchema, input, revokeMany);
}
