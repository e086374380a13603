import { encode } from "next-auth/jwt";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { createTestMember, createTestTeam, createTestUser, NOWHERE, type TestTeam } from "@/lib/testing/fixtures";
import { startTestSession } from "@/lib/testing/sessions";

type Choice = Parameters<typeof createTestMember>[1];

/** A signed-in member with a request header: a program's session token, or a browser's cookie. */
export async function signedIn(choice: Choice = { role: "Admin" }, team?: TestTeam) {
  const user = await createTestUser();
  const actor = await createTestMember(team ?? (await createTestTeam()), choice, user);
  const session = await startTestSession(user);
  const { token } = await issueSessionToken(session, NOWHERE);
  const jwt = await encode({ token: { sid: session.secret }, secret: process.env.AUTH_SECRET ?? "" });
  return {
    actor,
    bearer: { authorization: `Bearer ${token}` },
    cookie: { cookie: `${sessionCookieName()}=${jwt}` },
  };
}

/** A REST request with these headers and none that browsers add; a body is sent as JSON. */
export function restRequest(method: string, path: string, headers: Record<string, string>, body?: object): Request {
  const json: Record<string, string> = body ? { "content-type": "application/json" } : {};
  const url = `http://localhost/api/v1${path}`;
  return new Request(url, { method, headers: { ...json, ...headers }, ...(body && { body: JSON.stringify(body) }) });
}
