import "server-only";
import { decode } from "next-auth/jwt";
import { appUrl } from "@/lib/env";

/** Browsers keep `__Host-` cookies to one host and https; on plain http they refuse the name. */
export function isSecureOrigin(): boolean {
  return appUrl().startsWith("https://");
}

export function sessionCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.session" : "latchkey.session";
}

/** Says with which accounts this browser signed in before. */
export function knownBrowserCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.browser" : "latchkey.browser";
}

/** Where next-auth keeps where to go on to. Nothing here needs it, so what a browser sends of it is ignored. */
export function callbackCookieName(): string {
  return isSecureOrigin() ? "__Host-latchkey.callback" : "latchkey.callback";
}

/** Attributes of every cookie that signs in or protects signing in. Dropping one takes the same ones as setting it. */
export function authCookieOptions() {
  return { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecureOrigin() };
}

/** The session's secret inside a cookie's encrypted token; null for anything we did not issue. */
export async function sessionSecretFromCookie(cookie: string | undefined): Promise<string | null> {
  if (!cookie || !process.env.AUTH_SECRET) return null;
  try {
    const claims = await decode({ token: cookie, secret: process.env.AUTH_SECRET });
    return typeof claims?.sid === "string" ? claims.sid : null;
  } catch {
    return null;
  }
}

/** The same from a whole `Cookie` header, where Next doesn't read it for us. */
export function sessionSecretFromHeader(header: string | null): Promise<string | null> {
  return sessionSecretFromCookie(cookieIn(header, sessionCookieName()));
}

/** One cookie's value as it was sent, from a whole `Cookie` header. */
export function cookieIn(header: string | null, name: string): string | undefined {
  const start = `${name}=`;
  const pair = header?.split(/;\s*/).find((entry) => entry.startsWith(start));
  return pair?.slice(start.length);
}
