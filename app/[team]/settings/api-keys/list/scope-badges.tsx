import { BADGE } from "@/components/ui/badge";
import { Tooltip } from "@/components/ui/tooltip";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { ScopeBadge } from "../scope-badge";

type ScopeBadgesProps = { apiKey: Pick<ApiKeyDto, "scopes" | "withheldScopes"> };

/** The first scopes as badges; the rest behind "+3", on hover and focus, which never wraps to its own line. */
export function ScopeBadges({ apiKey: { scopes, withheldScopes } }: ScopeBadgesProps) {
  const [first, second, ...rest] = scopes;
  const isWithheld = (scope: string) => withheldScopes.includes(scope);
  const others = rest.map((scope) => (isWithheld(scope) ? `${scope} (inactive)` : scope)).join(", ");
  const last = second && <ScopeBadge scope={second} isWithheld={isWithheld(second)} />;
  return (
    <span className="badges">
      {first && <ScopeBadge scope={first} isWithheld={isWithheld(first)} />}
      {rest.length === 0 ? (
        last
      ) : (
        <span className="inline-flex gap-1">
          {last}
          <Tooltip text={others} label={`${rest.length} more: ${others}`} className={BADGE.neutral}>
            {`+${rest.length}`}
          </Tooltip>
        </span>
      )}
    </span>
  );
}
