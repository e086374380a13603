import "server-only";
import { cookies } from "next/headers";
import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { rememberBrowser } from "@/lib/auth/known-browser-cookie";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import {
  authCookieOptions,
  callbackCookieName,
  cookieIn,
  isSecureOrigin,
  knownBrowserCookieName,
  sessionCookieName,
  sessionSecretFromHeader,
} from "@/lib/auth/session-cookie";
import { signIn } from "@/lib/auth/sign-in";
import { appUrl } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { contextOf, type RequestContext } from "@/lib/http/request-context";
import { log } from "@/lib/log";
import { isAddressConfirmed } from "@/lib/members/confirmed-address";
import { signOut } from "@/lib/sessions/end-sessions";
import { readSession } from "@/lib/sessions/read-session";
import { ABSOLUTE_TIMEOUT_MS } from "@/lib/sessions/session-limits";

const NOWHERE: RequestContext = { ip: null, userAgent: null };

const THROTTLED = "Throttled";

/** An error that next-auth would report as a denied sign-in or ignore; the caller responds with it instead. */
export type HiddenFailure = { error?: unknown };

/** Adapts the headers that next-auth passes to `authorize`. */
function headersOf(request: { headers?: Record<string, unknown> }) {
  return { get: (name: string) => (request.headers?.[name] as string | undefined) ?? null };
}

async function authorize(credentials: unknown, request: { headers?: Record<string, unknown> }, hidden: HiddenFailure) {
  const headers = headersOf(request);
  const cookie = headers.get("cookie");
  const previousSecret = await sessionSecretFromHeader(cookie);
  const browserState = { previousSecret, knownBrowserCookie: cookieIn(cookie, knownBrowserCookieName()) };
  // next-auth puts an error's message into a URL, so only fixed texts may be thrown from here.
  const result = await signIn(credentials, contextOf(headers), browserState).catch((error: unknown) => {
    hidden.error = error;
    throw new Error("Failed");
  });
  if (result.status === "throttled") throw new Error(`${THROTTLED}:${result.retryAfterSeconds}`);
  return result.status === "signed_in" ? { id: result.userId, sessionSecret: result.sessionSecret } : null;
}

/**
 * next-auth issues and reads the cookie, which only carries the secret of a session row. Every request reads that row,
 * so sign-out, disabling and role changes take effect immediately. `context` belongs to the request that may end a
 * session; errors during sign-in and sign-out are stored in `hidden`.
 */
export function authOptions(context: RequestContext = NOWHERE, hidden: HiddenFailure = {}): NextAuthOptions {
  const prefix = isSecureOrigin() ? "__Host-" : "";
  return {
    secret: process.env.AUTH_SECRET,
    session: { strategy: "jwt", maxAge: ABSOLUTE_TIMEOUT_MS / 1000 },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    cookies: {
      sessionToken: { name: sessionCookieName(), options: authCookieOptions() },
      csrfToken: { name: `${prefix}latchkey.csrf`, options: authCookieOptions() },
      callbackUrl: { name: callbackCookieName(), options: authCookieOptions() },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: (credentials, request) => authorize(credentials, request, hidden),
      }),
    ],
    callbacks: {
      redirect: ({ url }) => new URL(sameOriginPath(url), appUrl()).href,
      jwt: ({ token, user }) => (user ? { sid: (user as { sessionSecret?: string }).sessionSecret } : token),
      async session({ session, token }) {
        const live = typeof token.sid === "string" ? await readSession(token.sid) : null;
        if (!live) return { expires: session.expires };
        const { user } = live;
        // Programs could take this address for identity.
        return { ...session, user: { name: user.name, email: isAddressConfirmed(user) ? user.email : "" } };
      },
    },
    events: {
      signIn: ({ user }) => rememberBrowser(user.id),
      async signOut({ token }) {
        await endSession(token?.sid, context).catch((error: unknown) => {
          hidden.error = error;
        });
      },
    },
    logger: {
      // Unreadable cookies aren't worth a warning: anyone can send them in any number.
      error: (code) => log[code === "JWT_SESSION_ERROR" ? "debug" : "warn"]({ event: code }, "next-auth error"),
      warn: (code) => log.debug({ event: code }, "next-auth warning"),
      debug: () => {},
    },
  };
}

async function endSession(secret: unknown, context: RequestContext): Promise<void> {
  const live = typeof secret === "string" ? await readSession(secret) : null;
  if (live) await signOut(live, context);
}

/** next-auth fails on a callback cookie that it can't read, so it never gets one. */
export async function dropCallbackCookie(): Promise<void> {
  const jar = await cookies();
  if (jar.has(callbackCookieName())) jar.delete({ name: callbackCookieName(), ...authCookieOptions() });
}

/**
 * next-auth can only report errors in a URL. Turns its response to a throttled sign-in into 429 with `Retry-After`
 * (seconds). Throws `forbidden` if the request's CSRF token was missing or wrong.
 */
export async function withHttpStatus(response: Response): Promise<Response> {
  const body = await response.text();
  const location = response.headers.get("location") ?? (/"url":"([^"]*)"/.exec(body)?.[1] || "");
  const query = URL.canParse(location) ? new URL(location).searchParams : new URLSearchParams();
  if (query.get("csrf") === "true") {
    throw new AppError("forbidden", "csrfToken is missing or doesn't match its cookie. Get both from /api/auth/csrf.");
  }
  const reason = query.get("error");
  const headers = new Headers(response.headers);
  if (reason?.startsWith(`${THROTTLED}:`)) {
    headers.delete("location");
    headers.set("retry-after", reason.slice(THROTTLED.length + 1));
    return new Response(body, { status: 429, headers });
  }
  return new Response(body || null, { status: response.status, headers });
}
