import "server-only";
import { choicesWithin } from "@/lib/api-keys/create/lifetimes-within";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import type { PolicyInput } from "@/lib/policies/schemas";

/** Throws `invalid` if a policy contradicts itself or names unknown scopes. */
export function checkPolicy(policy: PolicyInput): void {
  const fields: Record<string, string> = {};
  if (policy.maxLifetimeDays !== null && policy.mayNeverExpire) {
    fields.mayNeverExpire = "Keys that never expire aren't possible with a maximum lifetime.";
  }
  if (!choicesWithin(policy).includes(policy.defaultLifetime)) {
    fields.defaultLifetime = "The default expiration exceeds the maximum. Choose a shorter default.";
  }
  const known = new Set(apiPermissions());
  if (policy.memberScopes?.some((scope) => !known.has(scope))) {
    fields.memberScopes = "One of these scopes doesn't exist. Reload the page and try again.";
  }
  const [first] = Object.values(fields);
  if (first !== undefined) throw new AppError("invalid", first, fields);
}
