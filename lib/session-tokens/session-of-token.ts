import "server-only";
import { hashToken } from "@/lib/api-keys/token";
import { isSessionToken } from "@/lib/session-tokens/token";
import { type LiveSession, readSessionOfToken } from "@/lib/sessions/read-session";

/**
 * The live session that a session token stands for; null when the token is unknown or past its time, its session has
 * ended, or its user was disabled. Read on every call, so that all of this acts at once.
 */
export async function sessionOfToken(token: string): Promise<LiveSession | null> {
  return isSessionToken(token) ? readSessionOfToken(hashToken(token)) : null;
}
