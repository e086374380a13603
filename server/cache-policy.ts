/**
 * Well-known files that browsers and crawlers request. Each has a dot, unlike team slugs: `/iconic` is a team's page.
 */
const SITE_FILE = /^\/(?:favicon\.ico|icon[^/]*\.(?:png|svg)|apple-touch-icon\.png|manifest\.webmanifest|robots\.txt)$/;

/**
 * The `Cache-Control` of a response. Build files carry a content hash in their name. Everything else, including errors
 * and redirects, belongs to one signed-in user and must not be stored.
 */
export function cacheControl(path: string, status: number, dev: boolean): string {
  const isFound = status === 200 || status === 206 || status === 304;
  if (isFound && !dev && path.startsWith("/_next/static/")) return "public, max-age=31536000, immutable";
  if (isFound && SITE_FILE.test(path)) return "public, max-age=3600";
  return "private, no-store";
}
