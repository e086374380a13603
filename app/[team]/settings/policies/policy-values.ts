import { defaultWithin, type LifetimeRules } from "@/lib/api-keys/create/lifetimes-within";
import type { PolicyInput } from "@/lib/policies/schemas";

/** The form's values: numbers as typed, and scopes separate from whether they apply. */
export type PolicyValues = Omit<PolicyInput, "maxLifetimeDays" | "maxActiveKeys" | "memberScopes"> & {
  maxLifetimeDays: string;
  maxActiveKeys: string;
  limitsScopes: boolean;
  memberScopes: string[];
};

export function valuesOf({ maxLifetimeDays, maxActiveKeys, memberScopes, ...policy }: PolicyInput): PolicyValues {
  return {
    ...policy,
    maxLifetimeDays: maxLifetimeDays === null ? "" : String(maxLifetimeDays),
    maxActiveKeys: String(maxActiveKeys),
    limitsScopes: memberScopes !== null,
    memberScopes: memberScopes ?? [],
  };
}

/** The input for the server. A maximum lifetime excludes keys that never expire, whatever the checkbox says. */
export function policyOf(form: PolicyValues): PolicyInput {
  const { maxActiveKeys, limitsScopes, ...values } = form;
  const rules = lifetimeRulesOf(form);
  return {
    ...values,
    ...rules,
    defaultLifetime: defaultWithin(rules),
    maxActiveKeys: maxActiveKeys.trim() === "" ? Number.NaN : Number(maxActiveKeys),
    memberScopes: limitsScopes ? values.memberScopes : null,
  };
}

/** The form's lifetime rules; an incomplete maximum excludes nothing. */
export function lifetimeRulesOf({ defaultLifetime, maxLifetimeDays, mayNeverExpire }: PolicyValues): LifetimeRules {
  const isUnlimited = maxLifetimeDays.trim() === "";
  return {
    defaultLifetime,
    maxLifetimeDays: isUnlimited ? null : Number(maxLifetimeDays),
    mayNeverExpire: isUnlimited && mayNeverExpire,
  };
}
