import type { AuditFilter } from "@/lib/audit/queries";
import { visibleLine } from "@/lib/text/visible-text";

const FILTERS: (keyof AuditFilter)[] = ["action", "about", "member", "key", "from", "to"];
const DATES: (keyof AuditFilter)[] = ["from", "to"];
const MAX_SHOWN = 60;

/** Sentences about the URL's invalid filters: without them, the page would look like a complete result. */
export function unreadFilters(query: Record<string, string | string[] | undefined>, read: AuditFilter): string[] {
  return FILTERS.flatMap((name) => {
    const given = query[name];
    if (!given || read[name]) return [];
    if (typeof given !== "string") return [`Ignored filter “${name}”: it was given more than once.`];
    if (given.trim() === "") return [];
    const shown = given.length > MAX_SHOWN ? `${given.slice(0, MAX_SHOWN)}…` : given;
    return [`Ignored ${DATES.includes(name) ? "invalid date" : "unknown filter"} “${name}=${visibleLine(shown)}”.`];
  });
}
