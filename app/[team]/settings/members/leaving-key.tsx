import { Badge } from "@/components/ui/badge";
import { Select } from "@/components/ui/field";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { nameOrEnds, tokenEnds } from "@/lib/api-keys/key-label";
import { KEY_FATES, type KeyFate } from "@/lib/members/key-fates";
import { relativeTime } from "@/lib/text/relative-time";
import { visibleText } from "@/lib/text/visible-text";

const FATES: Record<KeyFate, string> = {
  revoke: "Revoke",
  new_token: "Convert to a team key with a new token",
  same_token: "Convert to a team key with the same token",
};

const EXPLAINED: Record<KeyFate, string> = {
  revoke: "Requests with this key will fail immediately with 401.",
  new_token: "The current token stops working. You'll see the new one next, only once.",
  same_token: "Integrations keep working. The key keeps the scopes that you can grant.",
};

type LeavingKeyProps = {
  apiKey: ApiKeyDto;
  now: string;
  fate: KeyFate;
  /** Null if there is no choice. */
  onChoose: ((fate: KeyFate) => void) | null;
};

/** One key of a leaving member, and what happens to it. */
export function LeavingKey({ apiKey, now, fate, onChoose }: LeavingKeyProps) {
  const { scopes, lastUsedAt } = apiKey;
  const label = visibleText(nameOrEnds(apiKey));
  return (
    <li className="grid gap-2 rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="wrap-anywhere font-medium">{label}</span>
        <span className="text-ink-soft text-xs">
          {lastUsedAt ? `Last used ${relativeTime(new Date(lastUsedAt), new Date(now))}` : "Never used"}
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <code className="mr-2 font-mono text-ink-soft text-xs">{tokenEnds(apiKey)}</code>
        {scopes.map((scope) => (
          <Badge key={scope}>{scope}</Badge>
        ))}
      </div>
      {onChoose && (
        <Select
          aria-label={`Action for ${label}`}
          value={fate}
          onChange={(event) => onChoose(event.target.value as KeyFate)}
        >
          {KEY_FATES.map((each) => (
            <option key={each} value={each}>
              {FATES[each]}
            </option>
          ))}
        </Select>
      )}
      <p className="text-ink-soft text-xs">{EXPLAINED[fate]}</p>
    </li>
  );
}
