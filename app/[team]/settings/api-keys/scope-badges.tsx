import { Badge } from "@/components/ui/badge";
import { Tooltip } from "@/components/ui/tooltip";

const SHOWN = 2;

/** The first scopes as badges; the rest behind "+3", on hover and focus. */
export function ScopeBadges({ scopes }: { scopes: string[] }) {
  const rest = scopes.slice(SHOWN);
  return (
    <span className="flex flex-wrap items-center gap-1">
      {scopes.slice(0, SHOWN).map((scope) => (
        <Badge key={scope}>{scope}</Badge>
      ))}
      {rest.length > 0 && (
        <Tooltip text={rest.join(", ")} label={`${rest.length} more: ${rest.join(", ")}`}>
          <Badge>+{rest.length}</Badge>
        </Tooltip>
      )}
    </span>
  );
}
