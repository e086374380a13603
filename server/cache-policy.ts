/** What browsers and crawlers ask of every site. Each has a dot, which no team's slug has: `/iconic` is a team's page. */
const SITE_FILE = /^\/(?:favicon\.ico|icon[^/]*\.(?:png|svg)|apple-touch-icon\.png|manifest\.webmanifest|robots\.txt)$/;

/**
 * What may be kept of an answer. Build files carry their content's hash in their name. Everything
 * else belongs to one signed-in person, errors and redirects included, and leaves no copy behind.
 */
export function cacheControl(path: string, status: number, dev: boolean): string {
  const isFound = status === 200 || status === 206 || status === 304;
  if (isFound && !dev && path.startsWith("/_next/static/")) return "public, max-age=31536000, immutable";
  if (isFound && SITE_FILE.test(path)) return "public, max-age=3600";
  return "private, no-store";
}
