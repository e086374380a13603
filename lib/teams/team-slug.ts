import { randomBytes } from "node:crypto";

/** Current and reserved first segments of the console's paths, besides team slugs. */
const RESERVED_SLUGS = new Set([
  "account",
  "admin",
  "api",
  "assets",
  "docs",
  "health",
  "help",
  "invite",
  "login",
  "logout",
  "new",
  "public",
  "setup",
  "sign-in",
  "sign-out",
  "sign-up",
  "static",
  "status",
  "support",
  "teams",
  "well-known",
]);
const MAX_SLUG_LENGTH = 40;

/** The first segment of a team's paths, derived from its name; never one of the console's own. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, "");
  return slug === "" || RESERVED_SLUGS.has(slug) ? `team-${slug || randomBytes(3).toString("hex")}` : slug;
}

/** Whether a path's first segment can be a team's; well-known files have a dot in it. */
export function canBeSlug(segment: string): boolean {
  return /^[a-z0-9-]+$/.test(segment);
}
