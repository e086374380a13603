import "server-only";
import { env } from "@/lib/env";
import { SESSION_TOKEN_PREFIX } from "@/lib/session-tokens/token";

/** The regular expression for secret scanners, with this installation's prefixes. */
export function tokenPattern(): string {
  const { TOKEN_PREFIX_PERSONAL, TOKEN_PREFIX_TEAM } = env();
  // Prefixes contain only letters, digits and _, so nothing needs escaping.
  return `\\b(?:${[TOKEN_PREFIX_PERSONAL, TOKEN_PREFIX_TEAM, SESSION_TOKEN_PREFIX].join("|")})[0-9a-f]{72}\\b`;
}
