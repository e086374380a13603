import { z } from "zod";

/** A place in a list that is ordered by time and id, newest first. */
export type PageCursor = { at: Date; id: string };

/** Which page a list's URL asks for; neither means the first. */
export type PageRequest = { after: PageCursor | null; before: PageCursor | null };

type CursorForm<Place> = {
  /** Of the encoded text; anything longer is no cursor. */
  maxLength: number;
  write: (place: Place) => string;
  read: (text: string) => Place | null;
};

/** How the places of one kind of list go into a URL as base64url (RFC 4648, section 5) and come back. */
export function cursorCodec<Place>({ maxLength, write, read }: CursorForm<Place>) {
  return {
    encode: (place: Place): string => Buffer.from(write(place)).toString("base64url"),
    /** Null for anything that is not a cursor, which means the first page. */
    decode: (text: unknown): Place | null =>
      typeof text === "string" && text.length <= maxLength
        ? read(Buffer.from(text, "base64url").toString("utf8"))
        : null,
  };
}

/** An instant within a cursor. PostgreSQL has no year 0 and would fail where the first page is meant. */
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

/** The part of a page's URL schema that says which page of a list to show. */
export function pageFields<Place>(decode: (text: unknown) => Place | null) {
  const place = z.unknown().default(null).transform(decode);
  return { after: place, before: place };
}

export const pageRequestFields = pageFields(pageCursor.decode);

/** An API's `cursor` parameter, where anything but a cursor is an error. */
export const cursorParameter = z
  .string()
  .transform(pageCursor.decode)
  .refine((cursor) => cursor !== null, "This is not a cursor from an earlier answer.")
  .optional();

/**
 * The query of one page by keyset, so that the hundredth page costs what the first does: a filter
 * on the given time column, the order, and one row more than shown, which tells whether there are others.
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

// The inclusive bound is what the index can seek to; the OR alone would scan from the start.
function beyond(column: string, { at, id }: PageCursor, side: "lt" | "gt") {
  return {
    [column]: { [`${side}e`]: at },
    OR: [{ [column]: { [side]: at } }, { [column]: at, id: { [side]: id } }],
  };
}

/** Puts the rows of a {@link pageQuery} in order and names the cursors of the pages beside them. */
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
