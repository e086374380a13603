import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/**
 * Headers by which Next or Latchkey pass messages internally, or which claim the request's destination. From a client
 * they are wrong or forged.
 */
const RESERVED = [
  /^x-(?:latchkey|middleware|matched|invoke|invocation|now|next|vercel)-/,
  /^x-forwarded-(?:host|proto|port|server)$/,
  /^(?:x-nextjs-data|x-nextjs-postponed|x-action-forwarded|next-resume)$/,
];

/** Removes headers that clients must not set. */
export function removeReservedHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) {
    if (RESERVED.some((pattern) => pattern.test(name))) delete headers[name];
  }
}

/**
 * Node keeps only the first of several Authorization headers. Readers must be able to detect the others: two
 * credentials are a malformed request (RFC 6750, section 3.1).
 */
export function showRepeatedAuthorization(request: IncomingMessage): void {
  const presented = request.headersDistinct.authorization ?? [];
  if (presented.length > 1) request.headers.authorization = presented.join(", ");
}

/**
 * Sets the console's own host, whatever a proxy or a forged Host claims: Next compares the Origin of server actions
 * with these headers, and builds absolute URLs from them.
 */
export function pinHost(headers: IncomingHttpHeaders, address: string): void {
  const { host, protocol } = new URL(address);
  headers.host = host;
  headers["x-forwarded-host"] = host;
  headers["x-forwarded-proto"] = protocol.slice(0, -1);
}
