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

/** The other endpoints are for other sign-in methods or next-auth's own pages, or log arbitrary input. */
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
    // Without next-auth's cookies, which would sign out a browser whose session hasn't ended.
    if ("error" in hidden) throw hidden.error;
    return await withHttpStatus(answer);
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** Client errors that next-auth would answer with 500. */
async function refuseUnreadable(request: Request): Promise<void> {
  const isJson = request.headers.get("content-type")?.toLowerCase().startsWith("application/json");
  if (request.method === "POST" && isJson) await readJson(request.clone(), z.record(z.string(), z.unknown()));
}

/** None of these endpoints has query parameters, and next-auth fails on an unexpected `callbackUrl`. */
function withoutQuery(request: Request): NextRequest {
  const { origin, pathname } = new URL(request.url);
  return new NextRequest(new URL(pathname, origin), request);
}

/**
 * next-auth takes any failure to read a session for its end and drops the cookie, so an unavailable database would sign
 * users out. Fails here instead.
 */
async function reachSession(request: Request): Promise<void> {
  const secret = await sessionSecretFromHeader(request.headers.get("cookie"));
  if (secret) await readSession(secret);
}

// Otherwise Next would answer OPTIONS itself, even for missing endpoints.
export { handle as GET, handle as OPTIONS, handle as POST };
