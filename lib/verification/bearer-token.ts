/** What a request presented: nothing, one well-formed Bearer token, or something RFC 6750 calls malformed. */
export type PresentedToken = { kind: "none" } | { kind: "malformed" } | { kind: "token"; token: string };

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** A Bearer token after credentials of another scheme. */
const SECOND = /,\s*bearer\s/i;

/**
 * Reads the `Authorization` header (RFC 6750, section 2.1; the scheme is case-insensitive, RFC 9110, section 11.1).
 * Query strings and bodies are never read. Two headers arrive joined by a comma, which no token contains, and are
 * therefore malformed.
 */
export function presentedToken(authorization: string | null | undefined): PresentedToken {
  if (!authorization) return { kind: "none" };
  if (!/^bearer(\s|$)/i.test(authorization)) return { kind: SECOND.test(authorization) ? "malformed" : "none" };
  const token = BEARER.exec(authorization)?.[1];
  return token ? { kind: "token", token } : { kind: "malformed" };
}
