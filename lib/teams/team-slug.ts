import { randomBytes } from "node:crypto";

/** Beside the team's slug, these are the first segments of the console's paths, or may become one. */
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

/** A team's name as the first segment of its paths; never one of the console's own. */
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

/** Whether a path's first segment can be a team's: what browsers and crawlers ask of every site has a dot in it. */
export function canBeSlug(segment: string): boolean {
  return /^[a-z0-9-]+$/.test(segment);
}
