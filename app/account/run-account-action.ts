import type { z } from "zod";
import { type ActionResult, failure } from "@/lib/action-result";
import { currentSession } from "@/lib/auth/current-actor";
import { requestContext } from "@/lib/auth/request-context";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** The common part of actions on the user's own account, which need no team. */
export async function runAccountAction<Schema extends z.ZodType, Data>(
  schema: Schema,
  input: unknown,
  operation: (session: LiveSession, context: RequestContext, input: z.output<Schema>) => Promise<Data>,
): Promise<ActionResult<Data>> {
  try {
    const session = await currentSession();
    if (!session) throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
    return { ok: true, data: await operation(session, await requestContext(), schema.parse(input)) };
  } catch (error) {
    return failure(error);
  }
}
