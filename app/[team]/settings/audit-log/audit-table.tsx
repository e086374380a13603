import Link from "next/link";
import { ExactTime } from "@/components/time";
import { Cell, DataTable, HeadCell, NothingFound, Row } from "@/components/ui/data-table";
import { AUDIT_ACTIONS, type AuditAction } from "@/lib/audit/actions";
import type { AuditEntryDto } from "@/lib/audit/queries";
import { formatDate } from "@/lib/date-format";
import { visibleText } from "@/lib/visible-text";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const HEADINGS = ["When", "Who", "What", "Which", "From"];

/** One page of entries. */
export function AuditTable({ entries }: { entries: AuditEntryDto[] }) {
  if (entries.length === 0) return <NothingFound>No entry matches these filters.</NothingFound>;
  return (
    <DataTable head={HEADINGS.map((heading) => <HeadCell key={heading}>{heading}</HeadCell>)}>
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </DataTable>
  );
}

function Entry({ entry }: { entry: AuditEntryDto }) {
  return (
    <Row>
      <Cell data-label="When" className="text-ink-soft tabular-nums">
        <ExactTime iso={entry.at} />
      </Cell>
      <Cell data-label="Who" className="font-medium">
        {visibleText(entry.actorName)}
      </Cell>
      <Cell data-label="What" className="cell-wide">
        {AUDIT_ACTIONS[entry.action as AuditAction] ?? entry.action}
        <Details details={entry.details} />
      </Cell>
      <Cell data-label="Which">
        {entry.targetType === "api_key" && entry.targetId ? (
          <Link
            href={`?key=${entry.targetId}`}
            prefetch={false}
            className="underline decoration-line-strong underline-offset-2 hover:decoration-accent"
          >
            {visibleText(entry.targetLabel)}
          </Link>
        ) : (
          visibleText(entry.targetLabel)
        )}
      </Cell>
      <Cell data-label="From" className="font-mono text-ink-soft text-xs leading-5">
        {entry.ip ?? "this server"}
      </Cell>
    </Row>
  );
}

/** What changed, as name and value: "from: Old name · to: New name". */
function Details({ details }: { details: AuditEntryDto["details"] }) {
  if (!details || typeof details !== "object" || Array.isArray(details)) return null;
  // By name, which puts "from" before "to", after what kind of thing it is: jsonb keeps no order.
  const rank = (name: string) => (name === "kind" ? "" : name);
  const sorted = Object.entries(details).sort(([a], [b]) => rank(a).localeCompare(rank(b)));
  const parts = sorted.map(([name, value]) => `${name.replaceAll("_", " ")}: ${inWords(value)}`);
  if (parts.length === 0) return null;
  return <span className="block text-ink-soft text-xs">{visibleText(parts.join(" · "))}</span>;
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" && ISO_TIME.test(value) ? formatDate(value, "exact", "UTC") : String(value);
}
