import { z } from "zod";
import { SORT_COLUMNS, type SortColumn } from "@/lib/api-keys/list/list-choices";

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

const MAX_LENGTH = 1_000;
// PostgreSQL has no year 0 and would fail where a cursor that means nothing should mean the first page.
const instant = z.iso.datetime().refine((at) => !at.startsWith("0000"));
const name = z.string().refine((text) => text.isWellFormed() && !text.includes("\0"));
const parts = z.tuple([z.enum(SORT_COLUMNS), z.uuid(), z.string().nullable(), instant.nullable(), z.boolean()]);

/** A cursor as it stands in a URL. */
export function encodeListCursor({ column, id, value, createdAt, isIncluded }: ListCursor): string {
  return Buffer.from(JSON.stringify([column, id, value, createdAt, isIncluded])).toString("base64url");
}

/** Reads a cursor from a URL; null for anything that is not one, which means the first page. */
export function decodeListCursor(text: unknown): ListCursor | null {
  if (typeof text !== "string" || text.length > MAX_LENGTH) return null;
  const read = parts.safeParse(parseJson(Buffer.from(text, "base64url").toString("utf8")));
  if (!read.success) return null;
  const [column, id, value, createdAt, isIncluded] = read.data;
  const isPlace =
    value === null
      ? column !== "created" && (createdAt !== null) === (column === "used")
      : createdAt === null && (column === "name" ? name : instant).safeParse(value).success;
  return isPlace ? { column, id, value, createdAt, isIncluded } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
