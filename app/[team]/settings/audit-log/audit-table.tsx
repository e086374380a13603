import { ListFilter } from "lucide-react";
import Link from "next/link";
import { ExactTime } from "@/components/time";
import { Cell, DataTable, HeadCells, NothingFound, Row } from "@/components/ui/data-table";
import { AUDIT_ACTIONS, type AuditAction } from "@/lib/audit/actions";
import { describeDetails } from "@/lib/audit/describe-details";
import type { AuditEntryDto } from "@/lib/audit/queries";
import { visibleText } from "@/lib/text/visible-text";

const HEADINGS = ["Time", "Actor", "Event", "Target", "IP address"];

/** The page of an entry's target; null if there is none that the reader may open. */
export type TargetPath = (target: Pick<AuditEntryDto, "action" | "targetType" | "targetId">) => string | null;

export function AuditTable({ entries, targetPath }: { entries: AuditEntryDto[]; targetPath: TargetPath }) {
  if (entries.length === 0) return <NothingFound>No entries match these filters.</NothingFound>;
  return (
    <DataTable head={<HeadCells labels={HEADINGS} />}>
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} targetPath={targetPath} />
      ))}
    </DataTable>
  );
}

function Entry({ entry, targetPath }: { entry: AuditEntryDto; targetPath: TargetPath }) {
  return (
    <Row>
      <Cell data-label="Time" className="text-ink-soft tabular-nums">
        <ExactTime iso={entry.at} />
      </Cell>
      <Cell data-label="Actor" className="font-medium xl:min-w-32">
        {visibleText(entry.actorName)}
      </Cell>
      <Cell data-label="Event" className="cell-wide">
        {AUDIT_ACTIONS[entry.action as AuditAction] ?? entry.action}
        <Details details={entry.details} />
      </Cell>
      <Cell data-label="Target">
        <Target entry={entry} targetPath={targetPath} />
      </Cell>
      <Cell data-label="IP address" className="xl:min-w-36 font-mono text-ink-soft text-xs leading-5">
        {entry.ip ?? "This server"}
      </Cell>
    </Row>
  );
}

function Details({ details }: { details: AuditEntryDto["details"] }) {
  const parts = describeDetails(details);
  if (parts.length === 0) return null;
  return <span className="block text-ink-soft text-xs">{visibleText(parts.join(" · "))}</span>;
}

const linkClass = "underline decoration-line-strong underline-offset-2 hover:decoration-accent";

/** The entry's target, with links to its page, if accessible, and to all entries about a key. */
function Target({ entry, targetPath }: { entry: AuditEntryDto; targetPath: TargetPath }) {
  const label = visibleText(entry.targetLabel);
  const path = targetPath(entry);
  const isKey = entry.targetType === "api_key" && entry.targetId;
  return (
    <span className="flex items-start gap-1">
      {path ? (
        <Link href={path} prefetch={false} className={linkClass}>
          {label}
        </Link>
      ) : (
        <span>{label}</span>
      )}
      {isKey && (
        <Link
          href={`?key=${entry.targetId}`}
          prefetch={false}
          aria-label={`Only entries about ${label}`}
          title="Only entries about this key"
          className="grid size-6 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
        >
          <ListFilter size={14} aria-hidden />
        </Link>
      )}
    </span>
  );
}
