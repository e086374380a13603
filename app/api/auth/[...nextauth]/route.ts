import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { z } from "zod";
import { authOptions, dropCallbackCookie, type HiddenFailure, withHttpStatus } from "@/lib/auth/next-auth";
import { sessionSecretFromHeader } from "@/lib/auth/session-cookie";
import { notFound } from "@/lib/errors";
import { contextOf } from "@/lib/http/request-context";
import { errorResponse, readJson } from "@/lib/http/routes";
import { readSession } from "@/lib/sessions/read-session";

type Context = { params: Promise<{ nextauth: string[] }> };

/** The others are for other ways to sign in, for next-auth's own pages, or write into the log what anybody sends. */
const ANSWERED = ["GET csrf", "GET session", "POST callback/credentials", "POST signout"];

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    const action = (await context.params).nextauth.join("/");
    if (!ANSWERED.includes(`${request.method} ${action}`)) throw notFound("endpoint");
    await refuseUnreadable(request);
    if (action === "session" || action === "signout") await reachSession(request);
    await dropCallbackCookie();
    const hidden: HiddenFailure = {};
    const options = authOptions(contextOf(request.headers), hidden);
    const answer = await NextAuth(withoutQuery(request) as never, context as never, options);
    // Without next-auth's cookies: somebody who isn't signed out must not lose theirs and believe that they are.
    if ("error" in hidden) throw hidden.error;
    return await withHttpStatus(answer);
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** What next-auth would answer with a 500 although the caller is at fault. */
async function refuseUnreadable(request: Request): Promise<void> {
  const isJson = request.headers.get("content-type")?.toLowerCase().startsWith("application/json");
  if (request.method === "POST" && isJson) await readJson(request.clone(), z.record(z.string(), z.unknown()));
}

/** None of the answered endpoints has a parameter there, and next-auth takes an odd `callbackUrl` for its own failure. */
function withoutQuery(request: Request): NextRequest {
  const { origin, pathname } = new URL(request.url);
  return new NextRequest(new URL(pathname, origin), request);
}

/**
 * next-auth takes every failure to read a session for its end, and drops the cookie: somebody would be signed out by a
 * database that was away. So that it fails here instead.
 */
async function reachSession(request: Request): Promise<void> {
  const secret = await sessionSecretFromHeader(request.headers.get("cookie"));
  if (secret) await readSession(secret);
}

// Next would answer OPTIONS itself, for endpoints that there aren't.
export { handle as GET, handle as OPTIONS, handle as POST };
