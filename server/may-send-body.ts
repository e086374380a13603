import type { IncomingHttpHeaders } from "node:http";
import { isWellFormedToken } from "../lib/api-keys/token.ts";
import { sessionCookieName } from "../lib/auth/session-cookie.ts";
import { presentedToken } from "../lib/verification/bearer-token.ts";

/**
 * Whether the body of a request is worth its memory. Pages and signing in take one from anybody; the API takes none
 * unless something is shown that can be a credential, and refuses the others whatever they send.
 */
export function maySendBody(path: string, { authorization, cookie }: IncomingHttpHeaders): boolean {
  if (!path.startsWith("/api/") || path.startsWith("/api/auth/")) return true;
  const presented = presentedToken(authorization);
  if (presented.kind === "token") return isWellFormedToken(presented.token);
  return presented.kind === "none" && (cookie?.includes(`${sessionCookieName()}=`) ?? false);
}
