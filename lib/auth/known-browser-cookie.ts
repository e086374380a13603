import "server-only";
import { cookies } from "next/headers";
import { withKnownAccount } from "@/lib/auth/known-browser";
import { authCookieOptions, knownBrowserCookieName } from "@/lib/auth/session-cookie";
import { db } from "@/lib/database/db";
import { log } from "@/lib/log";

/** The maximum that browsers allow (RFC 6265bis, 5.5). */
const MAX_AGE_SECONDS = 400 * 24 * 3_600;

/**
 * Marks the current browser as known for this user. Never rejects: the sign-in has already succeeded, and without the
 * mark the browser is merely unknown.
 */
export async function rememberBrowser(userId: string): Promise<void> {
  await mark(userId).catch((error) => log.warn({ err: String(error) }, "known-browser cookie not set"));
}

async function mark(userId: string): Promise<void> {
  const account = await db.user.findUnique({ where: { id: userId }, select: { id: true, passwordHash: true } });
  if (!account) return;
  const jar = await cookies();
  const name = knownBrowserCookieName();
  const value = withKnownAccount(jar.get(name)?.value, account);
  jar.set(name, value, { ...authCookieOptions(), maxAge: MAX_AGE_SECONDS });
}
