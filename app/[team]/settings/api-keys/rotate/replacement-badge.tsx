"use client";

import { Badge } from "@/components/ui/badge";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { relativeTime } from "@/lib/text/relative-time";

/** For a key in its grace period: when it ends. */
export function ReplacementBadge({ apiKey, now }: { apiKey: ApiKeyDto; now: string }) {
  const { status, successorId, expiresAt } = apiKey;
  if (status !== "active" || !successorId || !expiresAt) return null;
  return (
    // Wraps, so that one replaced key doesn't widen the name column.
    <span className="*:whitespace-normal!">
      <Badge tone="warning">Replaced, ends {relativeTime(new Date(expiresAt), new Date(now))}</Badge>
    </span>
  );
}
