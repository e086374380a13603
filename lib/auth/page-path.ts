type Query = Record<string, string | string[] | undefined>;

/** The path of the page being shown with its query, to come back to after signing in. */
export function pagePath(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]));
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path;
}
