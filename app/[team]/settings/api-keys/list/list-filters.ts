import { sortParameter } from "@/lib/api-keys/list/list-choices";
import type { ApiKeyListInput } from "@/lib/api-keys/list/list-input";

/** What the list's URL says, as it says it; null for nothing. */
export type ListFilters = Record<
  "kind" | "q" | "hash" | "status" | "scope" | "type" | "owner" | "expires" | "unused" | "sort",
  string | null
>;

/** Everything that narrows a list, apart from which list it is and its order. */
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

/** The query of a URL with these filters, without a page: a new order or filter begins at the beginning. */
export function queryOf(filters: Partial<ListFilters>): string {
  const set = Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return `?${new URLSearchParams(set)}`;
}
