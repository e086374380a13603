import type { Refusal } from "./refusal.ts";

export interface RequestTarget {
  /** Without the query; as it was sent. */
  path: string;
  refusal?: Refusal;
}

/**
 * Next collapses, resolves and decodes odd paths after we have decided on them, and redirects from
 * some (`//evil.example` among them). What it would read differently than we do is refused.
 */
export function readRequestTarget(url: string): RequestTarget {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const fault = faultIn(path);
  return fault ? { path, refusal: { status: 400, code: "malformed_path", detail: fault } } : { path };
}

/**
 * Next reads the query into an object and makes the address from it again, which loses a parameter by this name: to what
 * is behind it, it would look as if it had never been there.
 */
export function hasLostParameter(url: string): boolean {
  const start = url.indexOf("?");
  return start >= 0 && new URLSearchParams(url.slice(start)).has("__proto__");
}

function faultIn(path: string): string | undefined {
  if (!path.startsWith("/")) return "The request target must be a path.";
  if (/\/\/|[\\;]/.test(path)) return "The path has an empty segment, a backslash or a semicolon.";
  if (/%(?:[01]|7f|25|2f|3b|5c)/i.test(path)) {
    return "The path has an encoded slash, backslash, semicolon, percent sign or control character.";
  }
  const segments = decodeSegments(path);
  if (!segments) return "The path is not valid percent-encoding.";
  if (segments.some((segment) => segment === "." || segment === "..")) return "The path has a dot segment.";
  return undefined;
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
