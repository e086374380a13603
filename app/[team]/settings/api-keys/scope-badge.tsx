import { Badge } from "@/components/ui/badge";

/** A scope of a key, crossed out if the member's role no longer includes it. */
export function ScopeBadge({ scope, isWithheld }: { scope: string; isWithheld: boolean }) {
  if (!isWithheld) return <Badge>{scope}</Badge>;
  return (
    <Badge>
      <s title="Inactive: the owner's role no longer includes it">{scope}</s>
      <span className="sr-only"> (inactive)</span>
    </Badge>
  );
}
