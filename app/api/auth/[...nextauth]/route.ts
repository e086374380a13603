import NextAuth from "next-auth";
import { z } from "zod";
import { authOptions, withHonestStatus } from "@/lib/auth/next-auth";
import { sessionSecretFromHeader } from "@/lib/auth/session-cookie";
import { AppError, notFound } from "@/lib/errors";
import { contextOf } from "@/lib/request-context";
import { errorResponse, readJson } from "@/lib/routes";
import { readSession } from "@/lib/sessions/read-session";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    const [action] = (await context.params).nextauth;
    await refuseUnreadable(request, action);
    if (action === "session" || action === "signout") await reachSession(request);
    return await withHonestStatus(
      await NextAuth(request as never, context as never, authOptions(contextOf(request.headers))),
    );
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** What next-auth would answer with a 500 although the caller is at fault. */
async function refuseUnreadable(request: Request, action: string | undefined): Promise<void> {
  const isJson = request.headers.get("content-type")?.toLowerCase().startsWith("application/json");
  if (request.method === "POST" && isJson) await readJson(request.clone(), z.record(z.string(), z.unknown()));
  // Callbacks are only posted here: there is no provider that would redirect back.
  if (request.method === "GET" && action === "callback") throw notFound("endpoint");
  const values = [...new URL(request.url).searchParams.values()];
  if (values.some((value) => /\p{Cc}/u.test(value)))
    throw new AppError("invalid", "The query has a control character.");
}

/**
 * next-auth takes every failure to read or end a session for its end, and drops the cookie: somebody would be signed out
 * by a database that was away, or believe that they are while the session lives on. So that it fails here instead.
 */
async function reachSession(request: Request): Promise<void> {
  const secret = await sessionSecretFromHeader(request.headers.get("cookie"));
  if (secret) await readSession(secret);
}

export { handle as GET, handle as POST };
