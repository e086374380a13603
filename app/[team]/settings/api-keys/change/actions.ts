"use server";

import { z } from "zod";
import { runTeamAction } from "@/lib/actions";
import { changeExpiry, changeExpirySchema } from "@/lib/api-keys/change/change-expiry";
import { changeResponsible, changeResponsibleSchema } from "@/lib/api-keys/change/change-responsible";
import { narrowApiKey, narrowApiKeySchema } from "@/lib/api-keys/change/narrow-api-key";
import { renameApiKey, renameApiKeySchema } from "@/lib/api-keys/change/rename-api-key";
import { listResponsibles } from "@/lib/api-keys/responsible-member";

export async function renameApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, renameApiKeySchema, input, renameApiKey);
}

export async function changeExpiryAction(team: string, input: unknown) {
  return runTeamAction(team, changeExpirySchema, input, changeExpiry);
}

export async function narrowApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, narrowApiKeySchema, input, narrowApiKey);
}

export async function changeResponsibleAction(team: string, input: unknown) {
  return runTeamAction(team, changeResponsibleSchema, input, changeResponsible);
}

/** The possible contacts of a team key. */
export async function listResponsiblesAction(team: string) {
  return runTeamAction(team, z.undefined(), undefined, listResponsibles);
}
