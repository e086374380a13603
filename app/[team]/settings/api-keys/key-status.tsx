import { Badge } from "@/components/ui/badge";
import type { ApiKeyDto } from "@/lib/api-keys/dto";

const STATUS = {
  active: { label: "Active", tone: "accent" },
  expired: { label: "Expired", tone: "warning" },
  revoked: { label: "Revoked", tone: "neutral" },
} as const;

/** A key's status, with a badge if it is denied because its owner is inactive. */
export function KeyStatus({ apiKey }: { apiKey: Pick<ApiKeyDto, "status" | "isOwnerInactive"> }) {
  const { label, tone } = STATUS[apiKey.status];
  if (apiKey.status !== "active" || !apiKey.isOwnerInactive) return <Badge tone={tone}>{label}</Badge>;
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge>{label}</Badge>
      <Badge tone="danger">Owner inactive</Badge>
    </span>
  );
}
