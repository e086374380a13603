import { appUrl } from "@/lib/env";

/**
 * Where to go after sign-in: the URL's path and query if it stays on this origin, otherwise "/". Resolves URLs as a
 * browser does, which excludes `//evil`, `/\evil` and `javascript:`.
 */
export function sameOriginPath(url: unknown): string {
  if (typeof url !== "string") return "/";
  try {
    const base = new URL(appUrl());
    const target = new URL(url, base);
    if (target.origin !== base.origin) return "/";
    // On its own, a path like "//host" would be a URL to another host.
    return target.pathname.startsWith("//") ? "/" : target.pathname + target.search;
  } catch {
    return "/";
  }
}
