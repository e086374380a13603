import type { Refusal } from "./refusal.ts";

export interface RequestTarget {
  /** Without the query; undecoded. */
  path: string;
  refusal?: Refusal;
}

/**
 * Next collapses, resolves and decodes unusual paths after our checks, and redirects some (such as `//evil.example`).
 * Paths that it would interpret differently are rejected.
 */
export function readRequestTarget(url: string): RequestTarget {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const fault = faultIn(path);
  return fault ? { path, refusal: { status: 400, code: "malformed_path", detail: fault } } : { path };
}

/**
 * Next reads the query into an object and rebuilds the URL from it, which loses a parameter of this name: later code
 * would never see it.
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
