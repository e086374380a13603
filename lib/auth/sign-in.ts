import "server-only";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { isPasswordRight } from "@/lib/auth/passwords";
import { forgetAttempts, takeAttempt } from "@/lib/auth/sign-in-throttle";
import { db } from "@/lib/db";
import { emailSchema } from "@/lib/email";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { RequestContext } from "@/lib/request-context";
import { createSession } from "@/lib/sessions/create-session";

const credentialsSchema = z.object({ email: emailSchema, password: z.string().max(65_536) });

export type SignInResult =
  | { status: "signed_in"; userId: string; sessionSecret: string }
  | { status: "refused" }
  | { status: "throttled"; retryAfterSeconds: number };

/**
 * Decides one attempt to sign in. An unknown account, a disabled one and a wrong password all
 * answer `refused` after the same work (ASVS 5.0, 6.3.8).
 */
export async function signIn(
  input: unknown,
  context: RequestContext,
  previousSecret: string | null,
): Promise<SignInResult> {
  const parsed = credentialsSchema.safeParse(input);
  if (!parsed.success) {
    await isPasswordRight("", null);
    return { status: "refused" };
  }
  const { email, password } = parsed.data;
  const retryAfterSeconds = await takeAttempt(email);
  if (retryAfterSeconds > 0) return { status: "throttled", retryAfterSeconds };

  const user = await db.user.findUnique({
    where: { email },
    select: {
      id: true,
      name: true,
      passwordHash: true,
      disabledAt: true,
      members: { where: { removedAt: null, disabledAt: null }, select: { teamId: true }, orderBy: { teamId: "asc" } },
    },
  });
  const isRight = await isPasswordRight(password, user?.passwordHash);
  const isAllowed = user && !user.disabledAt && isRight;
  const sessionSecret = isAllowed && (await startSession(user, context, previousSecret));
  if (!sessionSecret) {
    noteFailure(user, context);
    return { status: "refused" };
  }
  await forgetAttempts(email);
  return { status: "signed_in", userId: user.id, sessionSecret };
}

/** Null when the password was changed or the user disabled while this one was compared. */
async function startSession(...session: Parameters<typeof createSession>): Promise<string | null> {
  try {
    return await createSession(...session);
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") return null;
    throw error;
  }
}

type KnownUser = { id: string; name: string; members: { teamId: string }[] };

/** Not awaited: writing for known accounts alone would make their refusals slower than the others'. */
function noteFailure(user: KnownUser | null, context: RequestContext): void {
  if (!user) return;
  const entries = user.members.map(({ teamId }) => ({
    teamId,
    action: "session.sign_in_failed" as const,
    actor: { userId: null, name: "Someone not signed in", ...context },
    target: { type: "session" as const, id: null, label: user.name },
  }));
  recordAudit(db, ...entries).catch((error: unknown) =>
    log.error({ err: String(error) }, "failed sign-in not recorded"),
  );
}
