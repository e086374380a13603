import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { type ActionResult, failure } from "@/lib/action-result";
import { recordRefusal } from "@/lib/audit/record-refusal";
import { type Actor, actorIn } from "@/lib/auth/actor";
import { currentSession } from "@/lib/auth/current-actor";
import { requestContext } from "@/lib/auth/request-context";
import { AppError, notFound } from "@/lib/errors";

/**
 * The common part of team actions: resolves the actor, parses, runs the operation, and turns failures that a user can
 * act on into a result. Other errors are logged, and their text isn't returned. A schema that checks times is created
 * for the database's `now`.
 */
export async function runTeamAction<Schema extends z.ZodType, Data>(
  team: unknown,
  schema: Schema | ((now: Date) => Schema),
  sent: unknown,
  operation: (actor: Actor, input: z.output<Schema>) => Promise<Data>,
): Promise<ActionResult<Data>> {
  let actor: Actor | undefined;
  try {
    actor = await actorFor(team);
    const input = (typeof schema === "function" ? schema(actor.now) : schema).parse(sent);
    return { ok: true, data: await operation(actor, input) };
  } catch (error) {
    unstable_rethrow(error);
    if (actor && error instanceof AppError && error.code === "forbidden") await recordRefusal(actor, error.message);
    return failure(error);
  }
}

/** The signed-in user as a member of the team. Throws `not_found` for a missing team and for one they don't belong to. */
async function actorFor(teamSlug: unknown): Promise<Actor> {
  const session = await currentSession();
  if (!session) throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
  const actor = actorIn(session, teamSlug, await requestContext());
  if (!actor) throw notFound("team");
  return actor;
}
