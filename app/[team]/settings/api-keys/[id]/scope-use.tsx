import type { ReactNode } from "react";
import { Day } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Badge } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import type { Period } from "@/lib/calls/calls-by-day";
import type { KeyPage } from "@/lib/insights/key-page";
import { NarrowerSuccessor } from "./narrower-successor";

type ScopeUseProps = { page: KeyPage; period: Period };

/** Scopes that no request has needed: they only help an attacker who steals the key. */
export function ScopeUse({ page, period }: ScopeUseProps) {
  const { scopeExercise: exercise } = page;
  return (
    <TitledSection title="Unused scopes" description={`Not needed by any request in the last ${period} days.`}>
      {exercise.state === "known" && exercise.idle.length > 0 ? (
        <div className="grid gap-3">
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            {exercise.idle.map(({ scope, lastAt }) => (
              <li key={scope} className="flex items-center gap-2">
                <Badge tone="warning">{scope}</Badge>
                <span className="text-ink-soft text-xs">
                  {lastAt ? (
                    <>
                      last used on <Day iso={lastAt} />
                    </>
                  ) : (
                    "never used"
                  )}
                </span>
              </li>
            ))}
          </ul>
          <NarrowerSuccessor apiKey={page.key} idle={exercise.idle.map(({ scope }) => scope)} />
        </div>
      ) : (
        <Notice>{explanation(page, period)}</Notice>
      )}
    </TitledSection>
  );
}

function explanation({ scopeExercise: { state } }: KeyPage, period: Period): ReactNode {
  switch (state) {
    case "known":
      return `Every scope was used in the last ${period} days.`;
    case "not_used":
      return "This key hasn't been used yet.";
    case "not_asked":
      return "We can't tell: your API or gateway doesn't send a scope when it verifies. Add ?scope= or scopes.";
    case "too_young":
      return `This key is less than ${period} days old. Check back later.`;
  }
}
