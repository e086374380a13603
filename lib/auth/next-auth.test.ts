import { describe, expect, test } from "vitest";
import { authOptions, withHttpStatus } from "@/lib/auth/next-auth";
import { db } from "@/lib/database/db";
import { appUrl } from "@/lib/env";
import { createSession } from "@/lib/sessions/create-session";
import { signOut } from "@/lib/sessions/end-sessions";
import { readSession } from "@/lib/sessions/read-session";
import { createTestMember, createTestTeam, createTestUser, NOWHERE } from "@/lib/testing/fixtures";

const PASSWORD = "kq7!Vz2m and more";
const errorUrl = (error: string) => `${appUrl()}/sign-in?error=${encodeURIComponent(error)}`;
const redirectTo = (location: string) =>
  new Response(null, { status: 302, headers: { location, "set-cookie": "a=b" } });

describe("next-auth's answer to a sign-in", () => {
  test.each([
    ["as a redirect", () => redirectTo(errorUrl("Throttled:123"))],
    ["as JSON", () => Response.json({ url: errorUrl("Throttled:123") }, { status: 401 })],
  ])("that was throttled is 429 with Retry-After, %s", async (_, answer) => {
    const response = await withHttpStatus(answer());
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "123"]);
    expect(response.headers.get("location")).toBeNull();
  });

  test.each([
    ["a refusal", () => redirectTo(errorUrl("CredentialsSignin"))],
    ["a success", () => redirectTo(`${appUrl()}/acme`)],
    ["a page", () => new Response("<html>", { status: 200 })],
  ])("that was %s stays as it is, cookies included", async (_, answer) => {
    const [before, after] = [answer(), await withHttpStatus(answer())];
    expect(after.status).toBe(before.status);
    expect([...after.headers]).toEqual([...before.headers]);
    expect(await after.text()).toBe(await before.text());
  });
});

test("a sign-in that is throttled tells how long to wait, and one that is refused nothing", async () => {
  const [provider] = authOptions().providers as { options: { authorize: (...input: unknown[]) => Promise<unknown> } }[];
  const { email } = await createTestUser(PASSWORD);
  const attempt = (password: string) => provider?.options.authorize({ email, password }, { headers: {} });
  for (let failures = 0; failures < 10; failures++) expect(await attempt("wrong")).toBeNull();
  await expect(attempt(PASSWORD)).rejects.toThrow(/^Throttled:[1-9]\d*$/);
});

describe("what next-auth does with a session", () => {
  const { callbacks, cookies } = authOptions();
  const session = { expires: "2030-01-01T00:00:00.000Z", user: {} };
  const told = (sid: unknown) => callbacks?.session?.({ session, token: { sid } } as never);

  test("tells who is signed in, and only while the session lives", async () => {
    const user = await createTestUser();
    const id = await createSession({ ...user, members: [] }, NOWHERE, null);
    expect(await told(id)).toMatchObject({ user: { name: user.name, email: user.email } });
    const live = await readSession(id);
    await signOut(live ?? expect.fail("not live"), NOWHERE);
    expect(await told(id)).toEqual({ expires: session.expires });
  });

  test("leaves out an address that nobody has confirmed", async () => {
    const user = await createTestUser();
    await db.user.update({ where: { id: user.id }, data: { confirmedEmail: null } });
    const id = await createSession({ ...user, members: [] }, NOWHERE, null);
    expect(await told(id)).toMatchObject({ user: { name: user.name, email: "" } });
  });

  test("records from where somebody signed out", async () => {
    const { userId, teamId } = await createTestMember(await createTestTeam());
    const user = await db.user.findUniqueOrThrow({ where: { id: userId } });
    const id = await createSession({ ...user, members: [] }, NOWHERE, null);
    const context = { ip: "192.0.2.7", userAgent: "curl" };
    await authOptions(context).events?.signOut?.({ token: { sid: id }, session: {} } as never);
    expect(await readSession(id)).toBeNull();
    const entries = await db.auditEntry.findMany({ where: { teamId, action: "session.signed_out" } });
    expect(entries).toMatchObject([context]);
  });

  test.each([undefined, null, 1, {}])("takes a token whose session is %j for nobody's", async (sid) => {
    expect(await told(sid)).toEqual({ expires: session.expires });
  });

  test("puts nothing but the session's secret into the cookie", async () => {
    const token = { name: "Ada", email: "ada@example.com", sub: "1" };
    expect(await callbacks?.jwt?.({ token, user: { id: "1", sessionSecret: "s1" } } as never)).toEqual({ sid: "s1" });
  });

  test("keeps its cookies from scripts and from other sites", () => {
    for (const cookie of Object.values(cookies ?? {})) {
      expect(cookie).toMatchObject({ options: { httpOnly: true, sameSite: "lax", path: "/" } });
    }
  });

  test.each(["https://evil.example", "//evil.example", "javascript:alert(1)"])("never leads to %s", async (url) => {
    expect(await callbacks?.redirect?.({ url, baseUrl: appUrl() })).toBe(`${appUrl()}/`);
  });
});
