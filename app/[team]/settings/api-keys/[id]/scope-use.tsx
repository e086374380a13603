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
    <TitledSection
      title="Scopes not exercised"
      description={`Scopes that nothing has asked for in the last ${period} days.`}
    >
      {exercise.state === "known" && exercise.idle.length > 0 ? (
        <div className="grid gap-3">
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            {exercise.idle.map(({ scope, lastAt }) => (
              <li key={scope} className="flex items-center gap-2">
                <Badge tone="warning">{scope}</Badge>
                <span className="text-ink-soft text-xs">
                  {lastAt ? (
                    <>
                      last on <Day iso={lastAt} />
                    </>
                  ) : (
                    "never seen"
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
      return `Every scope of this key was exercised in the last ${period} days.`;
    case "not_used":
      return "This key was never used, so none of its scopes was.";
    case "not_asked":
      return "Latchkey can't know: your API or gateway has never named a scope when it asked about this key. It can, with ?scope= at forward-auth or with scopes at verify.";
    case "too_young":
      return `This key is younger than ${period} days, so it's too early to say.`;
  }
}
