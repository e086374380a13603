import { Badge } from "@/components/ui/badge";
import type { ApiKeyDto } from "@/lib/api-keys/dto";

const STATUS = {
  active: { label: "Active", tone: "accent" },
  expired: { label: "Expired", tone: "warning" },
  revoked: { label: "Revoked", tone: "neutral" },
} as const;

export function KeyStatus({ apiKey: { status } }: { apiKey: Pick<ApiKeyDto, "status"> }) {
  return <Badge tone={STATUS[status].tone}>{STATUS[status].label}</Badge>;
}
