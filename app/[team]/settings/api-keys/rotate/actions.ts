"use server";

import { runTeamAction } from "@/lib/actions";
import { renewApiKey, renewApiKeySchema } from "@/lib/api-keys/change/renew-api-key";
import { readCutOver } from "@/lib/api-keys/rotate/cut-over";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey, rotateApiKeySchema } from "@/lib/api-keys/rotate/rotate-api-key";
import { apiKeyIdSchema } from "@/lib/api-keys/schemas";

export async function rotateApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, rotateApiKeySchema, input, rotateApiKey);
}

export async function renewApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, renewApiKeySchema, input, renewApiKey);
}

export async function endOverlapAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, endOverlap);
}

/** Current use of a rotated key and its successor. */
export async function readCutOverAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, (actor, { id }) => readCutOver(actor, id));
}
