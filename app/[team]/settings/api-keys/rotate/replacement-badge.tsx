"use client";

import { Badge } from "@/components/ui/badge";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { relativeTime } from "@/lib/text/relative-time";

/** On a key that lives on beside its successor: when that ends. */
export function ReplacementBadge({ apiKey, now }: { apiKey: ApiKeyDto; now: string }) {
  const { status, successorId, expiresAt } = apiKey;
  if (status !== "active" || !successorId || !expiresAt) return null;
  return (
    // It may wrap, so that one replaced key doesn't widen the column of names.
    <span className="*:whitespace-normal!">
      <Badge tone="warning">Replaced, ends {relativeTime(new Date(expiresAt), new Date(now))}</Badge>
    </span>
  );
}
