import { isWellFormedToken } from "@/lib/api-keys/token";

/** What every session token begins with, so that secret scanners know it and nobody takes it for an API key's. */
export const SESSION_TOKEN_PREFIX = "lk_ses_";

/** Whether a presented string can be a session token at all. */
export function isSessionToken(presented: string): boolean {
  return presented.startsWith(SESSION_TOKEN_PREFIX) && isWellFormedToken(presented);
}
