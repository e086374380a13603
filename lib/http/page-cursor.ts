import { z } from "zod";

/** A position in a list ordered by time and ID, newest first. */
export type PageCursor = { at: Date; id: string };

/** The page that a list's URL requests; without either, the first. */
export type PageRequest = { after: PageCursor | null; before: PageCursor | null };

type CursorForm<Place> = {
  /** Of the encoded text; longer input is invalid. */
  maxLength: number;
  write: (place: Place) => string;
  read: (text: string) => Place | null;
};

/** Encodes positions of one kind of list for URLs as base64url (RFC 4648, section 5), and decodes them. */
export function cursorCodec<Place>({ maxLength, write, read }: CursorForm<Place>) {
  return {
    encode: (place: Place): string => Buffer.from(write(place)).toString("base64url"),
    /** Null if invalid, which means the first page. */
    decode: (text: unknown): Place | null =>
      typeof text === "string" && text.length <= maxLength
        ? read(Buffer.from(text, "base64url").toString("utf8"))
        : null,
  };
}

/** A timestamp in a cursor. PostgreSQL has no year 0 and would fail; an invalid cursor must mean the first page. */
export const cursorInstant = z.iso.datetime().refine((at) => !at.startsWith("0000"));

const cursorParts = z.tuple([cursorInstant, z.uuid()]);

export const pageCursor = cursorCodec<PageCursor>({
  maxLength: 120,
  write: ({ at, id }) => `${at.toISOString()}~${id}`,
  read(text) {
    const parts = cursorParts.safeParse(text.split("~"));
    return parts.success ? { at: new Date(parts.data[0]), id: parts.data[1] } : null;
  },
});

/** The paging fields of a page's URL schema. */
export function pageFields<Place>(decode: (text: unknown) => Place | null) {
  const place = z.unknown().default(null).transform(decode);
  return { after: place, before: place };
}

export const pageRequestFields = pageFields(pageCursor.decode);

/** An API's `cursor` parameter; an invalid cursor is an error. */
export const cursorParameter = z
  .string()
  .transform(pageCursor.decode)
  .refine((cursor) => cursor !== null, "This isn't a cursor from an earlier response.")
  .optional();

/**
 * One page by keyset pagination, so that the hundredth page costs as much as the first: a filter on the time column,
 * the order, and one extra row, which shows whether there are more.
 */
export function pageQuery<Column extends string>(column: Column, { after, before }: PageRequest, pageSize: number) {
  const direction = before ? ("asc" as const) : ("desc" as const);
  const cursor = before ?? after;
  return {
    where: cursor ? beyond(column, cursor, before ? "gt" : "lt") : {},
    orderBy: [{ [column]: direction }, { id: direction }],
    take: pageSize + 1,
  };
}

// The index can seek to the inclusive bound; the OR alone would scan from the start.
function beyond(column: string, { at, id }: PageCursor, side: "lt" | "gt") {
  return {
    [column]: { [`${side}e`]: at },
    OR: [{ [column]: { [side]: at } }, { [column]: at, id: { [side]: id } }],
  };
}

/** Sorts the rows of a {@link pageQuery} and adds the cursors of the adjacent pages. */
export function pageOf<Row>(
  rows: Row[],
  { after, before }: PageRequest,
  pageSize: number,
  place: (row: Row) => PageCursor,
) {
  const shown = rows.slice(0, pageSize);
  if (before) shown.reverse();
  const isMore = rows.length > pageSize;
  const cursorOf = (row: Row | undefined) => (row === undefined ? null : pageCursor.encode(place(row)));
  return {
    rows: shown,
    older: before || isMore ? cursorOf(shown.at(-1)) : null,
    newer: before ? (isMore ? cursorOf(shown[0]) : null) : after ? cursorOf(shown[0]) : null,
  };
}
