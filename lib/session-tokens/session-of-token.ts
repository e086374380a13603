import "server-only";
import { hashToken } from "@/lib/api-keys/token";
import { isSessionToken } from "@/lib/session-tokens/token";
import { type LiveSession, readSessionOfToken } from "@/lib/sessions/read-session";

/**
 * The live session of a session token; null if the token is unknown or expired, its session has ended, or its user was
 * disabled. Read on every call, so changes take effect immediately.
 */
export async function sessionOfToken(token: string): Promise<LiveSession | null> {
  return isSessionToken(token) ? readSessionOfToken(hashToken(token)) : null;
}
