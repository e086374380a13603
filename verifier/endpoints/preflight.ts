import type { IncomingHttpHeaders } from "node:http";

/** RFC 6454, section 6.1; repeated Origin headers arrive joined by commas, which this refuses. */
const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[^\s,/]+)$/i;
/** RFC 9110, section 5.6.2. */
const METHOD = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Whether this is a browser's CORS-preflight request (Fetch, section 3.2.2). `clientMethods` are the client's method as
 * named by the gateway. The check is strict, because a preflight passes without a token.
 */
export function isPreflight(clientMethods: readonly string[], headers: IncomingHttpHeaders): boolean {
  return (
    clientMethods.length > 0 &&
    clientMethods.every((method) => method === "OPTIONS") &&
    ORIGIN.test(headers.origin ?? "") &&
    METHOD.test(headers["access-control-request-method"] ?? "") &&
    // Browsers send preflights without credentials; a gateway may pass on an empty header.
    !headers.authorization
  );
}
