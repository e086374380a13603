import { isWellFormedToken } from "@/lib/api-keys/token";

/** Prefix of session tokens, which distinguishes them from API keys' tokens, also for secret scanners. */
export const SESSION_TOKEN_PREFIX = "lk_ses_";

/** Whether a string has the format of a session token. */
export function isSessionToken(presented: string): boolean {
  return presented.startsWith(SESSION_TOKEN_PREFIX) && isWellFormedToken(presented);
}
