import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { nameOrEnds } from "@/lib/api-keys/key-label";
import type { BreakingKey, BreakingKeys } from "@/lib/policies/breaking-keys";
import { visibleText } from "@/lib/text/visible-text";

type ListProps = {
  team: string;
  breaking: BreakingKeys;
  /** In a confirmation of unsaved changes, links must not leave the page. */
  opensNewTab?: boolean;
};

/** The newest keys that break a policy, each with the reasons and a link to its page. */
export function BreakingKeysList({ team, breaking: { total, keys }, opensNewTab }: ListProps) {
  const rest = total - keys.length;
  return (
    <div className="rounded-xl border border-line bg-surface shadow-raised">
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 py-3">
            <KeyLink team={team} apiKey={key} opensNewTab={opensNewTab} />
            <span className="wrap-anywhere min-w-0 text-ink-soft">{key.breaches.join("; ")}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <p className="border-line border-t px-4 py-3 text-ink-soft">
          Showing the newest {keys.length} of {total.toLocaleString("en")}.
        </p>
      )}
    </div>
  );
}

function KeyLink({ team, apiKey, opensNewTab }: { team: string; apiKey: BreakingKey; opensNewTab?: boolean }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Link
        href={`/${team}/settings/api-keys/${apiKey.id}`}
        prefetch={false}
        target={opensNewTab ? "_blank" : undefined}
        className="wrap-anywhere font-medium underline decoration-line-strong underline-offset-2 hover:decoration-accent"
      >
        {visibleText(nameOrEnds(apiKey))}
        {opensNewTab && <span className="sr-only"> (opens in a new tab)</span>}
      </Link>
      {apiKey.owner ? (
        <span className="wrap-anywhere text-ink-soft">of {visibleText(apiKey.owner)}</span>
      ) : (
        <Badge>Team key</Badge>
      )}
    </span>
  );
}
