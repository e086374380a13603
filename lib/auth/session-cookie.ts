import "server-only";
import { decode } from "next-auth/jwt";
import { appUrl } from "@/lib/env";

/** Browsers restrict `__Host-` cookies to one host and https, and reject the name over plain http. */
export function isSecureOrigin(): boolean {
  return appUrl().startsWith("https://");
}

export function sessionCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.session" : "latchkey.session";
}

/** Records the accounts that have signed in with this browser. */
export function knownBrowserCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.browser" : "latchkey.browser";
}

/** Where next-auth stores the page to return to. Not used here, so what browsers send is ignored. */
export function callbackCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.callback" : "latchkey.callback";
}

/** Attributes of all sign-in cookies. Deleting a cookie requires the same ones as setting it. */
export function authCookieOptions() {
  return { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecureOrigin() };
}

/** The session secret in a cookie's encrypted token; null if we didn't issue it. */
export async function sessionSecretFromCookie(cookie: string | undefined): Promise<string | null> {
  if (!cookie || !process.env.AUTH_SECRET) return null;
  try {
    const claims = await decode({ token: cookie, secret: process.env.AUTH_SECRET });
    return typeof claims?.sid === "string" ? claims.sid : null;
  } catch {
    return null;
  }
}

/** The same from a `Cookie` header, for requests that Next doesn't parse. */
export function sessionSecretFromHeader(header: string | null): Promise<string | null> {
  return sessionSecretFromCookie(cookieIn(header, sessionCookieName()));
}

/** One cookie's raw value from a `Cookie` header. */
export function cookieIn(header: string | null, name: string): string | undefined {
  const start = `${name}=`;
  const pair = header?.split(/;\s*/).find((entry) => entry.startsWith(start));
  return pair?.slice(start.length);
}
