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
export function policyOf({ maxLifetimeDays, maxActiveKeys, limitsScopes, ...values }: PolicyValues): PolicyInput {
  const isUnlimited = maxLifetimeDays.trim() === "";
  return {
    ...values,
    maxLifetimeDays: isUnlimited ? null : Number(maxLifetimeDays),
    mayNeverExpire: isUnlimited && values.mayNeverExpire,
    maxActiveKeys: maxActiveKeys.trim() === "" ? Number.NaN : Number(maxActiveKeys),
    memberScopes: limitsScopes ? values.memberScopes : null,
  };
}
