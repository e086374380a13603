import "server-only";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { FULL_QUEUE_RETRY_SECONDS, HashQueueFull, isHashQueueFull } from "@/lib/auth/hash-queue";
import { knownBrowser } from "@/lib/auth/known-browser";
import { isPasswordRight } from "@/lib/auth/passwords";
import { secondsUntilAllowed } from "@/lib/auth/rate-limits";
import { clearFailures, takeAttempt } from "@/lib/auth/sign-in-throttle";
import { db, inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { log } from "@/lib/log";
import { createSession } from "@/lib/sessions/create-session";
import { emailSchema } from "@/lib/text/email";

const credentialsSchema = z.object({ email: emailSchema, password: z.string().max(65_536) });

export type SignInResult =
  | { status: "signed_in"; userId: string; sessionSecret: string }
  | { status: "refused" }
  | { status: "throttled"; retryAfterSeconds: number };

/** The browser's current session and its known-browser cookie. */
export type BrowserState = { previousSecret: string | null; knownBrowserCookie?: string | undefined };

/** A 429 is cheap, so a client in a loop could cause any number of them; the delay slows it down. */
const THROTTLED_DELAY_MS = 2_000;

/**
 * Handles one sign-in attempt. An unknown account, a disabled one and a wrong password all return `refused` after the
 * same amount of work (ASVS 5.0, 6.3.8).
 */
export async function signIn(
  input: unknown,
  context: RequestContext,
  browserState: BrowserState,
): Promise<SignInResult> {
  const result = await decide(input, context, browserState).catch((error: unknown): SignInResult => {
    if (!(error instanceof HashQueueFull)) throw error;
    return { status: "throttled", retryAfterSeconds: FULL_QUEUE_RETRY_SECONDS };
  });
  if (result.status === "throttled") await setTimeout(THROTTLED_DELAY_MS);
  return result;
}

async function decide(input: unknown, context: RequestContext, browserState: BrowserState): Promise<SignInResult> {
  const { email, password } = credentialsSchema.safeParse(input).data ?? { email: null, password: null };
  const user = email === null ? null : await findUser(email);
  const browser = knownBrowser(browserState.knownBrowserCookie, user);
  const lane = browser ? "known" : "unknown";
  // Before the attempt is counted, so that counts grow no faster than passwords are checked.
  if (isHashQueueFull(lane)) throw new HashQueueFull();
  const attempt = { email, ip: context.ip, browser };
  const retryAfterSeconds = await takeAttempt(attempt);
  if (retryAfterSeconds > 0) return { status: "throttled", retryAfterSeconds };

  const isRight = await isPasswordRight(password, user?.passwordHash, lane);
  const isAllowed = user && !user.disabledAt && isRight;
  // After the password check, so that nobody else can use up the owner's limit.
  const waitSeconds = isAllowed ? await secondsUntilAllowed("sign_ins", user.id) : 0;
  if (waitSeconds > 0) return { status: "throttled", retryAfterSeconds: waitSeconds };
  const sessionSecret = isAllowed && (await startSession(user, context, browserState.previousSecret));
  if (!sessionSecret) {
    noteFailure(user, context);
    return { status: "refused" };
  }
  // The session already exists, and an excess count expires within minutes.
  await clearFailures(attempt).catch((error: unknown) =>
    log.warn({ err: String(error) }, "failed sign-in attempts not cleared"),
  );
  return { status: "signed_in", userId: user.id, sessionSecret };
}

function findUser(email: string) {
  return db.user.findUnique({
    where: { email },
    select: {
      id: true,
      name: true,
      passwordHash: true,
      disabledAt: true,
      members: { where: { removedAt: null, disabledAt: null }, select: { teamId: true }, orderBy: { teamId: "asc" } },
    },
  });
}

/** Null if the password was changed or the user disabled during the comparison. */
async function startSession(...session: Parameters<typeof createSession>): Promise<string | null> {
  try {
    return await createSession(...session);
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") return null;
    throw error;
  }
}

type KnownUser = { id: string; name: string; members: { teamId: string }[] };

/** Not awaited: otherwise failures for existing accounts would take longer than others. */
function noteFailure(user: KnownUser | null, context: RequestContext): void {
  if (!user) return;
  const entries = user.members.map(({ teamId }) => ({
    teamId,
    action: "session.sign_in_failed" as const,
    actor: { userId: null, name: "Someone not signed in", ...context },
    target: { type: "session" as const, id: null, label: user.name },
  }));
  inTransaction((tx) => recordAudit(tx, ...entries)).catch((error: unknown) =>
    log.error({ err: String(error) }, "failed sign-in not recorded"),
  );
}
