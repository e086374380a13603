import { withoutSecret } from "@/lib/api-keys/token-shape";
import { CLIENT_IP_HEADER } from "@/lib/http/request-headers";

const MAX_USER_AGENT_LENGTH = 256;

/** A request's origin, as determined by `server/admit.ts`. */
export type RequestContext = { ip: string | null; userAgent: string | null };

/**
 * Reads the context from headers set by `server/admit.ts`. A user agent is cut to 256 characters, a token in it to its
 * start.
 */
export function contextOf(source: { get(name: string): string | null }): RequestContext {
  const userAgent = source.get("user-agent");
  return { ip: source.get(CLIENT_IP_HEADER), userAgent: userAgent && shortUserAgent(withoutSecret(userAgent)) };
}

/**
 * Cut to 256 characters without leaving part of a token at the end. Tokens inside are left to the code that stores the
 * text.
 */
export function shortUserAgent(userAgent: string | null | undefined): string | null {
  if (!userAgent || userAgent.length <= MAX_USER_AGENT_LENGTH) return userAgent ?? null;
  // The search's cost grows with the length.
  return withoutSecret(userAgent.slice(0, 4 * MAX_USER_AGENT_LENGTH)).slice(0, MAX_USER_AGENT_LENGTH);
}
