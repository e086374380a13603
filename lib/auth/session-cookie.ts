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
  const start = `${sessionCookieName()}=`;
  const pair = header?.split(/;\s*/).find((entry) => entry.startsWith(start));
  return sessionSecretFromCookie(pair?.slice(start.length));
}
