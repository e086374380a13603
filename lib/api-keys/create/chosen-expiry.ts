import { hasTooManyDays } from "@/lib/api-keys/create/lifetimes-within";
import { type ExpiryChoice, expiresAtOf, expiryProblem } from "@/lib/api-keys/expiry";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { AppError } from "@/lib/errors";
import { longestLifetimeBreach, type TeamPolicy } from "@/lib/policies/team-policy";

/**
 * The instant that was asked for, counted from `now`; null for never. Throws `invalid` for a date that can't be one, and
 * for more days than the policy allows; what else it demands of the instant is for the caller to check.
 */
export function chosenExpiry(expiry: ExpiryInput, policy: TeamPolicy, now: Date): Date | null {
  const problem = "at" in expiry ? expiryProblem(expiry.at, now) : daysProblem(expiry.in, policy);
  if (problem) throw new AppError("invalid", problem, { expiry: problem });
  return expiresAtOf(expiry, now);
}

function daysProblem(choice: ExpiryChoice, policy: TeamPolicy): string | null {
  return policy.maxLifetimeDays !== null && hasTooManyDays(policy, choice)
    ? longestLifetimeBreach(policy.maxLifetimeDays)
    : null;
}
