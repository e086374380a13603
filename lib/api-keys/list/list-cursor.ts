import { z } from "zod";
import { SORT_COLUMNS, type SortColumn } from "@/lib/api-keys/list/list-choices";
import { cursorCodec, cursorInstant } from "@/lib/http/page-cursor";

/**
 * A position in a list of keys: a key's value in the sorted column, and its id. Keys without a value (no name, no expiry,
 * never used) come last, ordered by creation if never used, else by id.
 */
export type ListCursor = {
  column: SortColumn;
  id: string;
  /** An instant as ISO 8601, or a name; null for none. */
  value: string | null;
  /** Only for a key that was never used. */
  createdAt: string | null;
  /** Whether the page includes the key at this position. */
  isIncluded: boolean;
  /** How many keys of the list came before this position when it was read. */
  rank: number;
};

const name = z.string().refine((text) => text.isWellFormed() && !text.includes("\0"));
const rank = z.int().min(0).max(1e9);
const parts = z.tuple([
  z.enum(SORT_COLUMNS),
  z.uuid(),
  z.string().nullable(),
  cursorInstant.nullable(),
  z.boolean(),
  rank,
]);

export const listCursor = cursorCodec<ListCursor>({
  maxLength: 1_000,
  write: ({ column, id, value, createdAt, isIncluded, rank }) =>
    JSON.stringify([column, id, value, createdAt, isIncluded, rank]),
  read: readPlace,
});

function readPlace(text: string): ListCursor | null {
  const read = parts.safeParse(parseJson(text));
  if (!read.success) return null;
  const [column, id, value, createdAt, isIncluded, rank] = read.data;
  const isPlace =
    value === null
      ? column !== "created" && (createdAt !== null) === (column === "used")
      : createdAt === null && (column === "name" ? name : cursorInstant).safeParse(value).success;
  return isPlace ? { column, id, value, createdAt, isIncluded, rank } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
