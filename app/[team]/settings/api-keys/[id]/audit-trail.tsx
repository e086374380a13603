import { AuditDetails } from "@/components/audit-details";
import { ExactTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { NothingFound } from "@/components/ui/data-table";
import { Notice } from "@/components/ui/notice";
import { AUDIT_ACTIONS, type AuditAction } from "@/lib/audit/actions";
import type { KeyPage } from "@/lib/insights/key-page";
import { visibleText } from "@/lib/text/visible-text";
import { PlainLink } from "./plain-link";

const SAID_BY_THE_PAGE = ["kind"];

/** The key's audit entries, newest first, as far as the reader may see them. */
export function AuditTrail({ team, page }: { team: string; page: KeyPage }) {
  const { entries, mayOpenLog, key } = page;
  return (
    <TitledSection
      title="Audit trail"
      description="Recent changes to this key."
      action={mayOpenLog && <PlainLink href={`/${team}/settings/audit-log?key=${key.id}`}>Open audit log</PlainLink>}
    >
      {!entries && <Notice>Your role doesn't include “View the audit log”. Ask a team admin for it.</Notice>}
      {entries?.length === 0 && <NothingFound>No changes recorded.</NothingFound>}
      {entries && entries.length > 0 && (
        <ol className="rounded-xl border border-line bg-surface shadow-raised">
          {entries.map(({ id, at, action, actorName, ip, details }) => (
            <li key={id} className="grid gap-0.5 px-4 py-3 not-first:border-line not-first:border-t">
              <p className="flex flex-wrap gap-x-3">
                <span className="font-medium">{AUDIT_ACTIONS[action as AuditAction] ?? action}</span>
                <span className="wrap-anywhere">{visibleText(actorName)}</span>
                <span className="grow text-right text-ink-soft text-xs leading-5">
                  <ExactTime iso={at} withZone />
                  {ip && ` from ${ip}`}
                </span>
              </p>
              <p className="wrap-anywhere text-ink-soft text-xs">
                <AuditDetails details={details} leftOut={SAID_BY_THE_PAGE} />
              </p>
            </li>
          ))}
        </ol>
      )}
    </TitledSection>
  );
}
