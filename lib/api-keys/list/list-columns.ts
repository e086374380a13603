/** The table's optional columns, in order; name and status are always shown. */
export const OPTIONAL_COLUMNS = {
  prefix: "Prefix",
  scopes: "Scopes",
  owner: "Owner",
  used: "Last used",
  expires: "Expires",
  created: "Created",
} as const;
export type OptionalColumn = keyof typeof OPTIONAL_COLUMNS;

/** Read by the server, so that the first paint has the chosen columns. */
export const COLUMNS_COOKIE = "latchkey.key-columns";

/** The columns that the cookie hides. */
export function hiddenColumnsFrom(cookie: string | undefined): OptionalColumn[] {
  const named = new Set(cookie?.split("."));
  return (Object.keys(OPTIONAL_COLUMNS) as OptionalColumn[]).filter((column) => named.has(column));
}
