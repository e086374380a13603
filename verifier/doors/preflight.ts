import type { IncomingHttpHeaders } from "node:http";

/** RFC 6454, section 6.1; several Origin headers arrive joined by commas. */
const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[^\s,/]+)$/i;
/** RFC 9110, section 5.6.2. */
const METHOD = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Whether a browser asks here if a page of another origin may send its request (Fetch, section 3.2.2, “CORS-preflight
 * request”). `clientMethods` is what the gateway says of the client's method. Anything that only resembles a preflight
 * is not one: it would pass without a token.
 */
export function isPreflight(clientMethods: readonly string[], headers: IncomingHttpHeaders): boolean {
  return (
    clientMethods.length > 0 &&
    clientMethods.every((method) => method === "OPTIONS") &&
    ORIGIN.test(headers.origin ?? "") &&
    METHOD.test(headers["access-control-request-method"] ?? "") &&
    // Sent without credentials, by every browser; a gateway may pass on an empty one.
    !headers.authorization
  );
}
