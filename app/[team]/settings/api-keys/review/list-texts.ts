import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyAction } from "@/lib/api-keys/key-actions";
import type { ReviewListName } from "@/lib/insights/review-lists";

type ListTexts = { title: string; description: string; nothing: string; fixes: readonly KeyAction[] };

/** Each list's title, explanation and fixes. */
export const LIST_TEXTS: Record<ReviewListName, ListTexts> = {
  owner_inactive: {
    title: "Owner disabled or removed",
    description:
      "Verification refuses personal keys of somebody who is disabled or removed. A team key goes on working, but the member who gets its notices is gone.",
    nothing: "Nobody who holds a key, or is responsible for one, is disabled or removed.",
    fixes: ["responsible", "revoke"],
  },
  new_addresses: {
    title: "Used from new addresses",
    description:
      "In use for more than 7 days, and since then also from somewhere new. If you don't know the address, act now.",
    nothing: "No key was used from a new address in the last 7 days.",
    fixes: ["narrow", "rotate", "revoke"],
  },
  breaks_policy: {
    title: "Breaking the policy",
    description: "Made before the team's policy was what it is. They go on working until somebody makes them fit.",
    nothing: "Every key fits the policy.",
    fixes: ["expiry", "narrow", "revoke"],
  },
  expiring: {
    title: "Expiring within 30 days",
    description: "Whatever uses them stops when they expire. Rotate in time, or give them longer.",
    nothing: "No key expires within 30 days.",
    fixes: ["rotate", "expiry"],
  },
  never_expires: {
    title: "Never expiring",
    description: "A token that leaks works until somebody notices. An expiry makes sure of an end.",
    nothing: "Every active key has an expiry.",
    fixes: ["expiry", "revoke"],
  },
  unused: {
    title: "Unused for 90 days",
    description: "Once in use, and silent for three months. What nobody needs is best revoked.",
    nothing: "Every key that was ever used was used in the last 90 days.",
    fixes: ["revoke"],
  },
  never_used: {
    title: "Never used",
    description: "Made more than 7 days ago and not used once. The oldest come first.",
    nothing: "Every active key of more than 7 days has been used.",
    fixes: ["revoke"],
  },
};

/** A button's label. A key without an expiry gets one, others a different one. */
export function fixLabel(action: KeyAction, { expiresAt }: Pick<ApiKeyDto, "expiresAt">): string | undefined {
  return action === "expiry" && expiresAt === null ? "Set an expiry" : FIX_LABELS[action];
}

const FIX_LABELS: Partial<Record<KeyAction, string>> = {
  expiry: "Change expiry",
  narrow: "Narrow",
  responsible: "Hand over",
  rotate: "Rotate",
  revoke: "Revoke",
};
