import type { ServerResponse } from "node:http";

/** What browsers and crawlers ask of every site. */
const SITE_FILE = /^\/(?:favicon\.ico|icon[^/]*|apple-touch-icon\.png|manifest\.webmanifest|robots\.txt)$/;

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

/** Has the last word when the head of the answer is written: Next sets a Cache-Control of its own before. */
export function setFinalCacheControl(response: ServerResponse, path: string, dev: boolean): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.setHeader("cache-control", cacheControl(path, status, dev));
    return writeHead(status, ...rest);
  };
}
