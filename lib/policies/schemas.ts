import { z } from "zod";
import { EXPIRY_CHOICE_NAMES, MAX_LIFETIME_YEARS } from "@/lib/api-keys/expiry";
import { OVERLAP_CHOICE_NAMES } from "@/lib/api-keys/rotate/overlap";

export const MAX_LIFETIME_DAYS = 365 * MAX_LIFETIME_YEARS;
export const ACTIVE_KEYS_LIMIT = 1000;

const wholeNumber = (from: number, to: number) => {
  const message = `Enter a whole number from ${from} to ${to}.`;
  return z.number(message).int(message).min(from, message).max(to, message);
};

/** The Policies form. */
export const policySchema = z.strictObject({
  defaultLifetime: z.enum(EXPIRY_CHOICE_NAMES, "Choose an expiration."),
  maxLifetimeDays: wholeNumber(1, MAX_LIFETIME_DAYS).nullable(),
  mayNeverExpire: z.boolean(),
  requiresIps: z.boolean(),
  maxActiveKeys: wholeNumber(1, ACTIVE_KEYS_LIMIT),
  defaultOverlap: z.enum(OVERLAP_CHOICE_NAMES, "Choose a grace period."),
  memberScopes: z
    .array(z.string().max(64), "Choose scopes.")
    .max(200, "Send at most 200 scopes.")
    .transform((scopes) => [...new Set(scopes)])
    .nullable(),
});
export type PolicyInput = z.output<typeof policySchema>;

/** `seen`: when the policy in the form was saved; null if the team had none yet. */
export const savePolicySchema = policySchema.extend({ seen: z.iso.datetime().nullable() });
export type SavePolicyInput = z.output<typeof savePolicySchema>;
