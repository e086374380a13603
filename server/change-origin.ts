const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export interface ChangeRequest {
  method: string;
  path: string;
  /** The `Sec-Fetch-Site` header. */
  fetchSite: string | undefined;
  origin: string | undefined;
  /** Whether `Authorization` holds what the API goes by instead of a cookie. */
  showsCredential: boolean;
  hasCookie: boolean;
}

/**
 * Whether a request may change things, as far as cross-site request forgery goes: a browser sends
 * our cookies with requests that other sites cause, but it also says where those come from.
 */
export function isOwnChange(request: ChangeRequest, allowedOrigins: readonly string[]): boolean {
  if (SAFE_METHODS.has(request.method) || goesByNoCookie(request)) return true;
  if (request.fetchSite !== undefined && !["same-origin", "none"].includes(request.fetchSite)) return false;
  if (request.origin !== undefined) return allowedOrigins.includes(request.origin);
  return request.fetchSite !== undefined || bringsItsOwnToken(request.path);
}

/**
 * Callers of the API show a Bearer token, which no other site can make a browser send; then, or where there is no cookie
 * at all, nothing can be abused. A page of ours that manages keys goes by its cookie there like anywhere.
 */
function goesByNoCookie({ path, showsCredential, hasCookie }: ChangeRequest): boolean {
  return path.startsWith("/api/v1/") && (showsCredential || !hasCookie);
}

/** next-auth checks a double-submit token of its own; scripts sign in there without any Origin. */
function bringsItsOwnToken(path: string): boolean {
  return path.startsWith("/api/auth/");
}
