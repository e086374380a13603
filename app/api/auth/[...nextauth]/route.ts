import NextAuth from "next-auth";
import { z } from "zod";
import { authOptions, withHonestStatus } from "@/lib/auth/next-auth";
import { AppError, notFound } from "@/lib/errors";
import { errorResponse, readJson } from "@/lib/routes";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    await refuseUnreadable(request, (await context.params).nextauth);
    return await withHonestStatus(await NextAuth(request as never, context as never, authOptions()));
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** What next-auth would answer with a 500 although the caller is at fault. */
async function refuseUnreadable(request: Request, [action]: string[]): Promise<void> {
  const isJson = request.headers.get("content-type")?.toLowerCase().startsWith("application/json");
  if (request.method === "POST" && isJson) await readJson(request.clone(), z.record(z.string(), z.unknown()));
  // Callbacks are only posted here: there is no provider that would redirect back.
  if (request.method === "GET" && action === "callback") throw notFound("endpoint");
  const values = [...new URL(request.url).searchParams.values()];
  if (values.some((value) => /\p{Cc}/u.test(value)))
    throw new AppError("invalid", "The query has a control character.");
}

export { handle as GET, handle as POST };
