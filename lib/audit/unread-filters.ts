import type { AuditFilter } from "@/lib/audit/queries";
import { visibleLine } from "@/lib/text/visible-text";

/** Why a value of the log's URL says nothing, by its filter. */
const WHY: Record<keyof AuditFilter, string> = {
  action: "isn't an action of the log",
  about: "isn't what an entry can be about",
  member: "isn't the id of a person",
  key: "isn't the name, prefix or id of a key",
  from: "isn't a date",
  to: "isn't a date",
};
const MAX_SHOWN = 60;

/** What the URL asks for and the log couldn't read, as sentences: without them its page would look like a full answer. */
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
