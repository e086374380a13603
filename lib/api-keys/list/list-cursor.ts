import { z } from "zod";
import { SORT_COLUMNS, type SortColumn } from "@/lib/api-keys/list/list-choices";
import { cursorCodec, cursorInstant } from "@/lib/http/page-cursor";

/**
 * A place in a list of keys: the sorted column's value of a key and its id. Without a value (no name, no expiry, never
 * used) the key stands behind all that have one, ordered by its creation among never used ones, else by its id.
 */
export type ListCursor = {
  column: SortColumn;
  id: string;
  /** An instant as ISO 8601, or a name; null for none. */
  value: string | null;
  /** Of a key never used. */
  createdAt: string | null;
  /** Whether the place itself belongs to the page. */
  isIncluded: boolean;
};

const name = z.string().refine((text) => text.isWellFormed() && !text.includes("\0"));
const parts = z.tuple([z.enum(SORT_COLUMNS), z.uuid(), z.string().nullable(), cursorInstant.nullable(), z.boolean()]);

export const listCursor = cursorCodec<ListCursor>({
  maxLength: 1_000,
  write: ({ column, id, value, createdAt, isIncluded }) => JSON.stringify([column, id, value, createdAt, isIncluded]),
  read: readPlace,
});

function readPlace(text: string): ListCursor | null {
  const read = parts.safeParse(parseJson(text));
  if (!read.success) return null;
  const [column, id, value, createdAt, isIncluded] = read.data;
  const isPlace =
    value === null
      ? column !== "created" && (createdAt !== null) === (column === "used")
      : createdAt === null && (column === "name" ? name : cursorInstant).safeParse(value).success;
  return isPlace ? { column, id, value, createdAt, isIncluded } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
