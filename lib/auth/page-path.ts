type Query = Record<string, string | string[] | undefined>;

/** The current page's path and query, to return to after sign-in. */
export function pagePath(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]));
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path;
}
