import { expiresAtOf, expiryProblem } from "@/lib/api-keys/expiry";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { AppError } from "@/lib/errors";

/** The instant that was asked for, counted from `now`; null for never. Throws `invalid` for a date that can't be one. */
export function chosenExpiry(expiry: ExpiryInput, now: Date): Date | null {
  const problem = "at" in expiry ? expiryProblem(expiry.at, now) : null;
  if (problem) throw new AppError("invalid", problem, { expiry: problem });
  return expiresAtOf(expiry, now);
}
