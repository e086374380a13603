import type { IncomingHttpHeaders } from "node:http";
import { isWellFormedToken } from "../lib/api-keys/token.ts";
import { sessionCookieName } from "../lib/auth/session-cookie.ts";
import { presentedToken } from "../lib/verification/bearer-token.ts";

/**
 * Whether to buffer a request's body. Pages and sign-in accept one from anyone. The API accepts one only with a
 * plausible credential, and denies other requests regardless of their body.
 */
export function maySendBody(path: string, { authorization, cookie }: IncomingHttpHeaders): boolean {
  if (!path.startsWith("/api/") || path.startsWith("/api/auth/")) return true;
  const presented = presentedToken(authorization);
  if (presented.kind === "token") return isWellFormedToken(presented.token);
  return presented.kind === "none" && (cookie?.includes(`${sessionCookieName()}=`) ?? false);
}
