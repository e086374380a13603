import type { RequestContext } from "@/lib/http/request-context";
import { createSession } from "@/lib/sessions/create-session";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { NOWHERE, type TestAccount } from "@/lib/testing/fixtures";

/** A live session together with the secret that only its cookie has. */
export type TestSession = LiveSession & { secret: string };

/** Signs a user in past the password; no log has it. */
export async function startTestSession(user: TestAccount, context: RequestContext = NOWHERE): Promise<TestSession> {
  const secret = await createSession({ ...user, members: [] }, context, null);
  const session = await readSession(secret);
  if (!session) throw new Error("the session doesn't live");
  return { ...session, secret };
}
