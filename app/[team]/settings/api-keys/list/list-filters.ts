import { sortParameter } from "@/lib/api-keys/list/list-choices";
import type { ApiKeyListInput } from "@/lib/api-keys/list/list-input";

/** The list's URL parameters, unparsed; null if absent. */
export type ListFilters = Record<
  "kind" | "q" | "hash" | "status" | "scope" | "type" | "owner" | "expires" | "unused" | "sort",
  string | null
>;

/** All filters, except for the list itself and its sort order. */
const NARROWING = ["q", "hash", "status", "scope", "type", "owner", "expires", "unused"] as const;

export const NO_FILTERS = Object.fromEntries(NARROWING.map((name) => [name, null])) as Partial<ListFilters>;

export function isNarrowed(filters: ListFilters): boolean {
  return NARROWING.some((name) => filters[name]);
}

/** The filters behind the toolbar's “Filters” button. */
export const MORE_FILTERS = ["scope", "type", "owner", "expires", "unused"] as const;

export function filtersOf({
  kind,
  q,
  hash,
  status,
  scope,
  type,
  owner,
  expires,
  unused,
  sort,
}: ApiKeyListInput): ListFilters {
  return {
    kind,
    q: q || null,
    hash,
    status,
    scope,
    type,
    owner,
    expires: expires === null ? null : String(expires),
    unused: unused === null ? null : String(unused),
    sort: sortParameter(sort),
  };
}

/** The query of a URL with these filters, without a page, so that a change starts on the first one. */
export function queryOf(filters: Partial<ListFilters>): string {
  const set = Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return `?${new URLSearchParams(set)}`;
}
