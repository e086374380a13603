import type { RequestContext } from "@/lib/http/request-context";
import { createSession } from "@/lib/sessions/create-session";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { NOWHERE, type TestAccount } from "@/lib/testing/fixtures";

/** A live session with the secret of its cookie. */
export type TestSession = LiveSession & { secret: string };

/** Creates a session without a password; it isn't logged. */
export async function startTestSession(user: TestAccount, context: RequestContext = NOWHERE): Promise<TestSession> {
  const secret = await createSession({ ...user, members: [] }, context, null);
  const session = await readSession(secret);
  if (!session) throw new Error("the session doesn't live");
  return { ...session, secret };
}
