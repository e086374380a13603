import "server-only";
import { choicesWithin } from "@/lib/api-keys/create/lifetimes-within";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import type { PolicyInput } from "@/lib/policies/schemas";

/** Throws `invalid` if a policy contradicts itself or names unknown scopes. */
export function checkPolicy(policy: PolicyInput): void {
  const fields: Record<string, string> = {};
  if (policy.maxLifetimeDays !== null && policy.mayNeverExpire) {
    fields.mayNeverExpire = "With a longest lifetime no key can live for ever.";
  }
  if (!choicesWithin(policy).includes(policy.defaultLifetime)) {
    fields.defaultLifetime = "This policy doesn't allow the lifetime it offers first. Choose a shorter one.";
  }
  const known = new Set(apiPermissions());
  if (policy.memberScopes?.some((scope) => !known.has(scope))) {
    fields.memberScopes = "One of these scopes does not exist. Reload the page to see those that do.";
  }
  const [first] = Object.values(fields);
  if (first !== undefined) throw new AppError("invalid", first, fields);
}
