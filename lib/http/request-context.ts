import { withoutSecret } from "@/lib/api-keys/token-shape";
import { CLIENT_IP_HEADER } from "@/lib/http/request-headers";

const MAX_USER_AGENT_LENGTH = 256;

/** Where a request came from, as the front door established it. */
export type RequestContext = { ip: string | null; userAgent: string | null };

/** Reads the context from headers that have passed the front door; a user agent is cut to 256 characters, a token in it to its start. */
export function contextOf(source: { get(name: string): string | null }): RequestContext {
  const userAgent = source.get("user-agent");
  return { ip: source.get(CLIENT_IP_HEADER), userAgent: userAgent && shortUserAgent(withoutSecret(userAgent)) };
}

/** Cut to 256 characters, without the beginning of a token at its end. One inside is left to the code that stores the text. */
export function shortUserAgent(userAgent: string | null | undefined): string | null {
  if (!userAgent || userAgent.length <= MAX_USER_AGENT_LENGTH) return userAgent ?? null;
  // The search takes time with every character.
  return withoutSecret(userAgent.slice(0, 4 * MAX_USER_AGENT_LENGTH)).slice(0, MAX_USER_AGENT_LENGTH);
}
