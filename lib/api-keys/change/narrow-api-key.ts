import "server-only";
import { z } from "zod";
import { changeApiKey, type DecideOne } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { resourceText } from "@/lib/api-keys/resources";
import { allowedIpsSchema, keyIdSchema, resourceSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";
import { policyBreaches, readPolicy } from "@/lib/policies/team-policy";

/** What is left out stays as it is. */
export const narrowApiKeySchema = z.strictObject({
  id: keyIdSchema,
  resource: resourceSchema.optional(),
  allowedIps: allowedIpsSchema.optional(),
});
export type NarrowApiKeyInput = z.output<typeof narrowApiKeySchema>;

/**
 * Says what an active key reaches and from where it may be presented; the next request is held to it. What is left out
 * stays. Throws `invalid`, also when a policy that wants addresses would be left without any.
 */
export async function narrowApiKey(actor: Actor, input: NarrowApiKeyInput): Promise<ApiKeyDto> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  return changeApiKey(actor, input.id, narrowing(actor, input));
}

export function narrowing(actor: Actor, input: Omit<NarrowApiKeyInput, "id">): DecideOne {
  const resource = input.resource === undefined ? undefined : resourceText(input.resource);
  return async (key, tx) => {
    const after = {
      resource: resource === undefined ? key.resource : resource,
      allowedIps: input.allowedIps ?? key.allowedIps,
    };
    const { allowedIps: breach } = policyBreaches(await readPolicy(tx, actor.teamId), { ...key, ...after });
    if (breach && key.allowedIps.length > 0) throw new AppError("invalid", breach, { allowedIps: breach });
    return {
      data: after,
      action: "api_key.narrowed",
      details: {
        from: { resource: key.resource, allowed_ips: key.allowedIps },
        to: { resource: after.resource, allowed_ips: after.allowedIps },
      },
    };
  };
}
