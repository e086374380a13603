import "server-only";
import { z } from "zod";
import { type KeyChange, lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto, ApiKeyRow } from "@/lib/api-keys/dto";
import { resourceText } from "@/lib/api-keys/resources";
import { allowedIpsSchema, keyIdSchema, resourceSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { policyBreaches, readPolicy } from "@/lib/policies/team-policy";

/** Omitted fields are unchanged. */
export const narrowApiKeySchema = z.strictObject({
  id: keyIdSchema,
  resource: resourceSchema.optional(),
  allowedIps: allowedIpsSchema.optional(),
});
export type NarrowApiKeyInput = z.output<typeof narrowApiKeySchema>;

/**
 * Changes an active key's resource and allowed addresses, effective with the next request. Throws `invalid`, also for no
 * addresses under a policy that requires them.
 */
export function narrowApiKey(actor: Actor, { id, ...narrowing }: NarrowApiKeyInput): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now);
    return writeChanges(tx, actor, key, now, await narrowChange(tx, actor, key, narrowing));
  });
}

export async function narrowChange(
  tx: Transaction,
  actor: Actor,
  key: ApiKeyRow,
  { resource, allowedIps = key.allowedIps }: Omit<NarrowApiKeyInput, "id">,
): Promise<KeyChange> {
  const data = { resource: resource === undefined ? key.resource : resourceText(resource), allowedIps };
  const { allowedIps: breach } = policyBreaches(await readPolicy(tx, actor.teamId), { ...key, ...data });
  if (breach && key.allowedIps.length > 0) throw new AppError("invalid", breach, { allowedIps: breach });
  const details = {
    from: { resource: key.resource, allowed_ips: key.allowedIps },
    to: { resource: data.resource, allowed_ips: allowedIps },
  };
  return { data, action: "api_key.narrowed", details };
}
