const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export interface ChangeRequest {
  method: string;
  path: string;
  /** The `Sec-Fetch-Site` header. */
  fetchSite: string | undefined;
  origin: string | undefined;
  /** Whether `Authorization` carries a credential that the API uses instead of the cookie. */
  showsCredential: boolean;
  hasCookie: boolean;
}

/**
 * Whether a request may change anything, with regard to cross-site request forgery: browsers send our cookies with
 * requests that other sites cause, but also report where those requests come from.
 */
export function isOwnChange(request: ChangeRequest, allowedOrigins: readonly string[]): boolean {
  if (SAFE_METHODS.has(request.method) || isCookieless(request)) return true;
  if (request.fetchSite !== undefined && !["same-origin", "none"].includes(request.fetchSite)) return false;
  if (request.origin !== undefined) return allowedOrigins.includes(request.origin);
  return request.fetchSite !== undefined || hasOwnCsrfToken(request.path);
}

/**
 * API clients send a Bearer token, which another site can't make a browser send; with it, or without a cookie, nothing
 * can be forged. Console pages that manage keys authenticate by cookie, so the check applies to them.
 */
function isCookieless({ path, showsCredential, hasCookie }: ChangeRequest): boolean {
  return path.startsWith("/api/v1/") && (showsCredential || !hasCookie);
}

/** next-auth checks its own double-submit token; scripts sign in there without an Origin. */
function hasOwnCsrfToken(path: string): boolean {
  return path.startsWith("/api/auth/");
}
