import type { IncomingHttpHeaders } from "node:http";
import { normaliseIp } from "../lib/api-keys/ip-ranges.ts";

export interface ForwardedClaims {
  /** Whom each proxy says it got the request from, the nearest proxy's last; as they were sent. */
  claims: string[];
  /** The address of one, null where it can't be read. */
  addressIn: (claim: string) => string | null;
}

/**
 * From X-Forwarded-For, and only without it from Forwarded (RFC 7239): proxies write one and pass the other on as the
 * client sent it, and nearly all write the former. Claims are read one by one, as only the last few ever count.
 */
export function forwardedClaims(headers: IncomingHttpHeaders): ForwardedClaims {
  const forwardedFor = headers["x-forwarded-for"]?.toString();
  if (forwardedFor !== undefined) return { claims: forwardedFor.split(","), addressIn: nodeAddress };
  // No value that a proxy writes has a comma. A quoted one from the client must not swallow what the proxy added.
  return { claims: headers.forwarded?.split(",") ?? [], addressIn: (element) => nodeAddress(forIn(element) ?? "") };
}

const PORT = String.raw`(?::(?:\d{1,5}|_[\w.-]+))?`;
const WITH_PORT = new RegExp(String.raw`^(?:\[([^[\]]*:[^[\]]*)\]|([\d.]+))${PORT}$`);

/** An address, also one with a port, and then IPv6 in brackets (RFC 7239, section 6). */
function nodeAddress(text: string): string | null {
  const node = text.trim();
  const match = WITH_PORT.exec(node);
  return normaliseIp(match?.[1] ?? match?.[2] ?? node) ?? null;
}

const PAIR = /^\s*([\w-]+)\s*=\s*(?:"([^"\\]*)"|([^\s"\\=]+))\s*$/;

/** The one `for` of an element; undefined where there is none, more than one, or anything that is no pair. */
function forIn(element: string): string | undefined {
  let found: string | undefined;
  for (const part of element.split(";")) {
    if (part.trim() === "") continue;
    const [isPair, name = "", quoted, plain] = PAIR.exec(part) ?? [];
    if (!isPair) return undefined;
    if (name.toLowerCase() !== "for") continue;
    if (found !== undefined) return undefined;
    found = quoted ?? plain ?? "";
  }
  return found;
}
