import { appUrl } from "@/lib/env";

/**
 * The path to go on to after signing in: the given URL's path and query when it stays on this
 * origin, else "/". Resolves as a browser would, so `//evil`, `/\evil` and `javascript:` all fall out.
 */
export function sameOriginPath(url: unknown): string {
  if (typeof url !== "string") return "/";
  try {
    const base = new URL(appUrl());
    const target = new URL(url, base);
    if (target.origin !== base.origin) return "/";
    // A path of "//host" would be read as another host when it is used on its own.
    return target.pathname.startsWith("//") ? "/" : target.pathname + target.search;
  } catch {
    return "/";
  }
}
