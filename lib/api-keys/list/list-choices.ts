import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** The lists: the member's own keys, team keys, or all keys of the team including all members' personal ones. */
export const KEY_LISTS = ["personal", "team", "all"] as const;
export type KeyList = (typeof KEY_LISTS)[number];

/** The permissions, all of them required, to see a list. */
export const LIST_PERMISSIONS = {
  personal: ["developer.manage_tokens"],
  team: ["team.manage_keys"],
  all: ["team.manage_keys", "team.manage_members"],
} as const satisfies Record<KeyList, readonly ConsolePermission[]>;

export const SORT_COLUMNS = ["created", "name", "expires", "used"] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export type Direction = "asc" | "desc";
export type KeySort = { column: SortColumn; direction: Direction };

/** The default direction of each column: newest, A to Z, soonest, latest first. */
const FIRST_DIRECTION: Record<SortColumn, Direction> = { created: "desc", name: "asc", expires: "asc", used: "desc" };

export const DEFAULT_SORT: KeySort = { column: "created", direction: FIRST_DIRECTION.created };

/** The sort in a URL: `name`, or `name-desc` if not in its default direction; null for the default sort. */
export function sortParameter({ column, direction }: KeySort): string | null {
  if (direction !== FIRST_DIRECTION[column]) return `${column}-${direction}`;
  return column === DEFAULT_SORT.column ? null : column;
}

/** Parses a sort from a URL; an invalid one is the default. */
export function readSort(text: unknown): KeySort {
  if (typeof text !== "string") return DEFAULT_SORT;
  const [name, direction, ...rest] = text.split("-");
  const column = SORT_COLUMNS.find((known) => known === name);
  if (!column || rest.length > 0) return DEFAULT_SORT;
  if (direction === undefined) return { column, direction: FIRST_DIRECTION[column] };
  return direction === "asc" || direction === "desc" ? { column, direction } : DEFAULT_SORT;
}

/** The sort after a click on a column's header: its default direction, then the other. */
export function nextSort(column: SortColumn, current: KeySort): KeySort {
  if (column !== current.column) return { column, direction: FIRST_DIRECTION[column] };
  return { column, direction: current.direction === "asc" ? "desc" : "asc" };
}

/** The filters' options, in days. */
export const EXPIRES_WITHIN_DAYS = [7, 30, 90] as const;
export const UNUSED_FOR_DAYS = [30, 90, 180] as const;

/** The most keys per batch, and the number from which it must be typed to confirm. */
export const MAX_BATCH_KEYS = 200;
export const TYPE_NUMBER_ABOVE = 10;
