import { defaultWithin, type LifetimeRules } from "@/lib/api-keys/create/lifetimes-within";
import type { PolicyInput } from "@/lib/policies/schemas";

/** What the form holds: numbers as they are typed, and the scopes apart from whether they count. */
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

/** What the server is sent. A longest lifetime rules out keys that live for ever, whatever the box said before. */
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

/** What the form says about lifetimes as it stands; a longest lifetime that is no number yet rules nothing out. */
export function lifetimeRulesOf({ defaultLifetime, maxLifetimeDays, mayNeverExpire }: PolicyValues): LifetimeRules {
  const isUnlimited = maxLifetimeDays.trim() === "";
  return {
    defaultLifetime,
    maxLifetimeDays: isUnlimited ? null : Number(maxLifetimeDays),
    mayNeverExpire: isUnlimited && mayNeverExpire,
  };
}
