import type { IncomingHttpHeaders } from "node:http";
import { normalizeIp } from "../lib/api-keys/ip-ranges.ts";

export interface ForwardedClaims {
  /** For each proxy, the client it reports, unparsed; the nearest proxy's is last. */
  claims: string[];
  /** The claim's IP address; null if unreadable. */
  addressIn: (claim: string) => string | null;
}

/**
 * Reads X-Forwarded-For or, only without it, Forwarded (RFC 7239): proxies set one, usually the former, and forward the
 * client's other one unchanged. Claims are parsed one by one, because only the last few matter.
 */
export function forwardedClaims(headers: IncomingHttpHeaders): ForwardedClaims {
  const forwardedFor = headers["x-forwarded-for"]?.toString();
  if (forwardedFor !== undefined) return { claims: forwardedFor.split(","), addressIn: nodeAddress };
  // Proxies write no commas inside values. A quoted comma from the client must not hide what the proxy appended.
  return { claims: headers.forwarded?.split(",") ?? [], addressIn: (element) => nodeAddress(forIn(element) ?? "") };
}

const PORT = String.raw`(?::(?:\d{1,5}|_[\w.-]+))?`;
const WITH_PORT = new RegExp(String.raw`^(?:\[([^[\]]*:[^[\]]*)\]|([\d.]+))${PORT}$`);

/** An IP address, optionally with a port, in which case IPv6 has brackets (RFC 7239, section 6). */
function nodeAddress(text: string): string | null {
  const node = text.trim();
  const match = WITH_PORT.exec(node);
  return normalizeIp(match?.[1] ?? match?.[2] ?? node) ?? null;
}

const PAIR = /^\s*([\w-]+)\s*=\s*(?:"([^"\\]*)"|([^\s"\\=]+))\s*$/;

/** The `for` parameter of an element; undefined if it is missing, repeated, or not a valid pair. */
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
