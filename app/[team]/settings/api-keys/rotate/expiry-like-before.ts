import { isWithin, type LifetimeRules, longestWithin } from "@/lib/api-keys/create/lifetimes-within";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { closestChoice, EXPIRY_CHOICES, type ExpiryChoice } from "@/lib/api-keys/expiry";

/** The successor's preselected expiry: the same as before, or as long as the policy allows, with the reason. */
export type ExpiryLikeBefore =
  | { choice: "keep"; label: string; until: Date | null }
  | { choice: ExpiryChoice; remark: string };

const DAY_MS = 86_400_000;

export function expiryLikeBefore(
  policy: LifetimeRules,
  { createdAt, expiresAt }: Pick<ApiKeyDto, "createdAt" | "expiresAt">,
): ExpiryLikeBefore {
  const now = new Date();
  const lifetimeMs = expiresAt === null ? null : Date.parse(expiresAt) - Date.parse(createdAt);
  const until = lifetimeMs === null ? null : new Date(now.getTime() + lifetimeMs);
  const choice = closestChoice(new Date(createdAt), expiresAt ? new Date(expiresAt) : null);
  const days = Math.max(1, Math.round((lifetimeMs ?? 0) / DAY_MS));
  const lifetime = choice ? EXPIRY_CHOICES[choice].label.toLowerCase() : `${days} ${days === 1 ? "day" : "days"}`;
  if (isWithin(policy, now, until)) return { choice: "keep", label: `Same as before: ${lifetime}`, until };
  return { choice: longestWithin(policy), remark: shortenedRemark(lifetimeMs === null ? null : lifetime) };
}

/** Why another lifetime is preselected; null stands for a key that never expires. */
export function shortenedRemark(lifetime: string | null): string {
  const before = lifetime === null ? "This key never expires" : `This key was created for ${lifetime}`;
  return `${before}, which your team's policy no longer allows. This is the longest it allows.`;
}
