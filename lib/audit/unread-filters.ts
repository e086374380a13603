import type { AuditFilter } from "@/lib/audit/queries";
import { visibleLine } from "@/lib/text/visible-text";

/** Why a filter's value is invalid. */
const WHY: Record<keyof AuditFilter, string> = {
  action: "isn't an action of the log",
  about: "isn't what an entry can be about",
  member: "isn't the id of a person",
  key: "isn't the name, prefix or id of a key",
  from: "isn't a date",
  to: "isn't a date",
};
const MAX_SHOWN = 60;

/** Sentences about the URL's invalid filters: without them, the page would look like a complete result. */
export function unreadFilters(query: Record<string, string | string[] | undefined>, read: AuditFilter): string[] {
  return (Object.keys(WHY) as (keyof AuditFilter)[]).flatMap((name) => {
    const given = query[name];
    if (!given || read[name]) return [];
    if (typeof given !== "string") return [`“${name}” was given more than once and was left out.`];
    if (given.trim() === "") return [];
    const shown = given.length > MAX_SHOWN ? `${given.slice(0, MAX_SHOWN)}…` : given;
    return [`“${name}=${visibleLine(shown)}” ${WHY[name]} and was left out.`];
  });
}
