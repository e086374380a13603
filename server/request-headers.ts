import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/**
 * Headers by which Next, or Latchkey itself, passes messages between its own parts, or which claim
 * to know where the request was sent. From a client they are at best wrong and at worst forged.
 */
const RESERVED = [
  /^x-(?:latchkey|middleware|matched|invoke|invocation|now|next|vercel)-/,
  /^x-forwarded-(?:host|proto|port|server)$/,
  /^(?:x-nextjs-data|x-nextjs-postponed|x-action-forwarded|next-resume)$/,
];

/** Removes what a client has no business to say. */
export function removeReservedHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) {
    if (RESERVED.some((pattern) => pattern.test(name))) delete headers[name];
  }
}

/**
 * Node keeps only the first of several Authorization headers. Whoever reads it must see that there
 * were more: two credentials are a malformed request (RFC 6750, section 3.1).
 */
export function showRepeatedAuthorization(request: IncomingMessage): void {
  const presented = request.headersDistinct.authorization ?? [];
  if (presented.length > 1) request.headers.authorization = presented.join(", ");
}

/**
 * Makes the request one to the console's own address, whatever a proxy or a forged Host calls it:
 * Next compares the Origin of a server action with these, and builds absolute addresses from them.
 */
export function pinHost(headers: IncomingHttpHeaders, address: string): void {
  const { host, protocol } = new URL(address);
  headers.host = host;
  headers["x-forwarded-host"] = host;
  headers["x-forwarded-proto"] = protocol.slice(0, -1);
}
