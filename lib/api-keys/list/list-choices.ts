import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** Whose keys a list shows: one's own, the team's, or all of the team with everybody's personal ones. */
export const KEY_LISTS = ["personal", "team", "all"] as const;
export type KeyList = (typeof KEY_LISTS)[number];

/** What seeing a list takes: every one of these. */
export const LIST_PERMISSIONS = {
  personal: ["developer.manage_tokens"],
  team: ["team.manage_keys"],
  all: ["team.manage_keys", "team.manage_members"],
} as const satisfies Record<KeyList, readonly ConsolePermission[]>;

export const SORT_COLUMNS = ["created", "name", "expires", "used"] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export type Direction = "asc" | "desc";
export type KeySort = { column: SortColumn; direction: Direction };

/** The direction one wants first: newest, A to Z, soonest, latest. */
const FIRST_DIRECTION: Record<SortColumn, Direction> = { created: "desc", name: "asc", expires: "asc", used: "desc" };

export const DEFAULT_SORT: KeySort = { column: "created", direction: FIRST_DIRECTION.created };

/** The sort as it stands in a URL: `name`, or `name-desc` against the usual direction; null for the default. */
export function sortParameter({ column, direction }: KeySort): string | null {
  if (direction !== FIRST_DIRECTION[column]) return `${column}-${direction}`;
  return column === DEFAULT_SORT.column ? null : column;
}

/** Reads a sort from a URL; anything that is none is the default. */
export function readSort(text: unknown): KeySort {
  if (typeof text !== "string") return DEFAULT_SORT;
  const [name, direction, ...rest] = text.split("-");
  const column = SORT_COLUMNS.find((known) => known === name);
  if (!column || rest.length > 0) return DEFAULT_SORT;
  if (direction === undefined) return { column, direction: FIRST_DIRECTION[column] };
  return direction === "asc" || direction === "desc" ? { column, direction } : DEFAULT_SORT;
}

/** The sort that a click on a column's head asks for: its usual direction, then the other. */
export function nextSort(column: SortColumn, current: KeySort): KeySort {
  if (column !== current.column) return { column, direction: FIRST_DIRECTION[column] };
  return { column, direction: current.direction === "asc" ? "desc" : "asc" };
}

/** Days, as the filters offer them. */
export const EXPIRES_WITHIN_DAYS = [7, 30, 90] as const;
export const UNUSED_FOR_DAYS = [30, 90, 180] as const;

/** The most keys revoked in one batch, and from how many on the number must be typed. */
export const MAX_BATCH_KEYS = 200;
export const TYPE_NUMBER_ABOVE = 10;
