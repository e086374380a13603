/** What a request presented: nothing, one well-formed Bearer token, or something RFC 6750 calls malformed. */
export type PresentedToken = { kind: "none" } | { kind: "malformed" } | { kind: "token"; token: string };

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** A Bearer token behind credentials of another scheme. */
const SECOND = /,\s*bearer\s/i;

/**
 * Reads the `Authorization` header (RFC 6750, 2.1; the scheme's case does not matter, RFC 9110, 11.1).
 * Query strings and bodies are never looked at. Two headers arrive joined by a comma, which no
 * token contains, and so are malformed.
 */
export function presentedToken(authorization: string | null | undefined): PresentedToken {
  if (!authorization) return { kind: "none" };
  if (!/^bearer(\s|$)/i.test(authorization)) return { kind: SECOND.test(authorization) ? "malformed" : "none" };
  const token = BEARER.exec(authorization)?.[1];
  return token ? { kind: "token", token } : { kind: "malformed" };
}
