import "server-only";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalogue";
import type { PolicyInput } from "@/lib/policies/schemas";
import { policyBreaches } from "@/lib/policies/team-policy";

/** Throws `invalid` where a policy contradicts itself or names scopes that don't exist. */
export function checkPolicy(policy: PolicyInput): void {
  const fields: Record<string, string> = {};
  if (policy.maxLifetimeDays !== null && policy.mayNeverExpire) {
    fields.mayNeverExpire = "With a longest lifetime no key can live for ever.";
  }
  const now = new Date();
  const expiresAt = expiryAfter(policy.defaultLifetime, now);
  const plainKey = { kind: "team", scopes: [], allowedIps: [], createdAt: now, expiresAt } as const;
  if (policyBreaches(policy, plainKey).expiry) {
    fields.defaultLifetime = "This policy doesn't allow the lifetime it offers first. Choose a shorter one.";
  }
  const known = new Set(apiPermissions());
  if (policy.memberScopes?.some((scope) => !known.has(scope))) {
    fields.memberScopes = "One of these scopes does not exist. Reload the page to see those that do.";
  }
  const [first] = Object.values(fields);
  if (first !== undefined) throw new AppError("invalid", first, fields);
}
