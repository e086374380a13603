import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyAction } from "@/lib/api-keys/key-actions";
import type { ReviewListName } from "@/lib/insights/review-lists";

type ListTexts = {
  title: string;
  description: string;
  nothing: string;
  fixes: readonly KeyAction[];
  /** The key list's filter for the same keys, if there is one. */
  filter?: string;
};

/** Each list's title, explanation and fixes. */
export const LIST_TEXTS: Record<ReviewListName, ListTexts> = {
  owner_inactive: {
    title: "Owner disabled or removed",
    description: "Personal keys here are already blocked. Team keys still work, but nobody gets their reminders.",
    nothing: "All owners and contacts are active.",
    fixes: ["responsible", "revoke"],
  },
  new_addresses: {
    title: "Used from new IP addresses",
    description: "Used from a new IP address in the last 7 days. Don't recognize it? Rotate the key.",
    nothing: "No keys were used from a new IP address in the last 7 days.",
    fixes: ["narrow", "rotate", "revoke"],
  },
  breaks_policy: {
    title: "Not compliant with the policy",
    description: "Created before the current policy. They keep working until you update them.",
    nothing: "All active keys comply.",
    fixes: ["expiry", "narrow", "revoke"],
  },
  expiring: {
    title: "Expiring within 30 days",
    description: "Integrations stop when these keys expire. Rotate or extend them.",
    nothing: "No keys expire within 30 days.",
    fixes: ["rotate", "expiry"],
    filter: "expires=30&sort=expires",
  },
  never_expires: {
    title: "Never expiring",
    description: "Without an expiration, a leaked token works until someone notices.",
    nothing: "Every active key has an expiration.",
    fixes: ["expiry", "revoke"],
  },
  unused: {
    title: "Unused for 90 days",
    description: "Not used in 90 days. Consider revoking.",
    nothing: "Every key in use was used in the last 90 days.",
    fixes: ["revoke"],
    filter: "status=active&unused=90",
  },
  never_used: {
    title: "Never used",
    description: "Created over 7 days ago and never used.",
    nothing: "Every active key older than 7 days has been used.",
    fixes: ["revoke"],
  },
};

/** A button's label. A key without an expiration gets one, others a different one. */
export function fixLabel(action: KeyAction, { expiresAt }: Pick<ApiKeyDto, "expiresAt">): string | undefined {
  return action === "expiry" && expiresAt === null ? "Set expiration" : FIX_LABELS[action];
}

const FIX_LABELS: Partial<Record<KeyAction, string>> = {
  expiry: "Change expiration",
  narrow: "Restrict access",
  responsible: "Change contact",
  rotate: "Rotate",
  revoke: "Revoke",
};
