"use server";

import { z } from "zod";
import { runTeamAction } from "@/lib/actions";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { changeResponsible } from "@/lib/api-keys/change/change-responsible";
import { narrowApiKey } from "@/lib/api-keys/change/narrow-api-key";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import { renewApiKey } from "@/lib/api-keys/change/renew-api-key";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { createApiKeyFormSchema, narrowApiKeyFormSchema } from "@/lib/api-keys/form-schemas";
import { readLastUse } from "@/lib/api-keys/queries";
import { listResponsibles } from "@/lib/api-keys/responsible-member";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { readCutOver } from "@/lib/api-keys/rotate/cut-over";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import {
  apiKeyIdSchema,
  changeExpirySchema,
  changeResponsibleSchema,
  renameApiKeySchema,
  renewApiKeySchema,
  rotateApiKeySchema,
} from "@/lib/api-keys/schemas";

export async function createApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, createApiKeyFormSchema, input, createApiKey);
}

export async function renameApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, renameApiKeySchema, input, renameApiKey);
}

export async function changeExpiryAction(team: string, input: unknown) {
  return runTeamAction(team, changeExpirySchema, input, changeExpiry);
}

export async function narrowApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, narrowApiKeyFormSchema, input, narrowApiKey);
}

export async function changeResponsibleAction(team: string, input: unknown) {
  return runTeamAction(team, changeResponsibleSchema, input, changeResponsible);
}

/** The possible contacts of a team key. */
export async function listResponsiblesAction(team: string) {
  return runTeamAction(team, z.undefined(), undefined, listResponsibles);
}

export async function rotateApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, rotateApiKeySchema, input, rotateApiKey);
}

export async function renewApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, renewApiKeySchema, input, renewApiKey);
}

export async function endOverlapAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, endOverlap);
}

export async function revokeApiKeyAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, revokeApiKey);
}

/** The key's last use, for the dialog that waits for the first request. */
export async function readLastUseAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, (actor, { id }) => readLastUse(actor, id));
}

/** Current use of a rotated key and its successor. */
export async function readCutOverAction(team: string, input: unknown) {
  return runTeamAction(team, apiKeyIdSchema, input, (actor, { id }) => readCutOver(actor, id));
}
