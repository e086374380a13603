import { z } from "zod";

/** A place in a list that is ordered by time and id, newest first. */
export type PageCursor = { at: Date; id: string };

/** Which page a list's URL asks for; neither means the first. */
export type PageRequest = { after: PageCursor | null; before: PageCursor | null };

const MAX_CURSOR_LENGTH = 120;
// PostgreSQL has no year 0 and would fail where a cursor that means nothing should mean the first page.
const cursorParts = z.tuple([z.iso.datetime().refine((at) => !at.startsWith("0000")), z.uuid()]);

/** A cursor as it stands in a URL. */
export function encodeCursor({ at, id }: PageCursor): string {
  return Buffer.from(`${at.toISOString()}~${id}`).toString("base64url");
}

/** Reads a cursor from a URL; null for anything that is not one, which means the first page. */
export function decodeCursor(text: unknown): PageCursor | null {
  if (typeof text !== "string" || text.length > MAX_CURSOR_LENGTH) return null;
  const parts = cursorParts.safeParse(Buffer.from(text, "base64url").toString("utf8").split("~"));
  return parts.success ? { at: new Date(parts.data[0]), id: parts.data[1] } : null;
}

/** The part of a list's URL schema that says which page. */
export const pageRequestFields = {
  after: z.unknown().default(null).transform(decodeCursor),
  before: z.unknown().default(null).transform(decodeCursor),
};

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
  const cursorOf = (row: Row | undefined) => (row === undefined ? null : encodeCursor(place(row)));
  return {
    rows: shown,
    older: before || isMore ? cursorOf(shown.at(-1)) : null,
    newer: before ? (isMore ? cursorOf(shown[0]) : null) : after ? cursorOf(shown[0]) : null,
  };
}
