type Credentials = { email: string; password: string };

/** A user's cookies, as a browser would send them, and a session token for the REST API. */
export type Session = { cookies: string; token: string };

/** Signs in over HTTP. */
export async function openSession(origin: string, credentials: Credentials): Promise<Session> {
  const cookies = await signIn(origin, credentials);
  const answer = await fetch(`${origin}/api/v1/session-token`, {
    method: "POST",
    headers: { cookie: cookies, origin },
  });
  const { data } = (await answer.json()) as { data: { token: string } };
  return { cookies, token: data.token };
}

/** The cookies only. */
export async function signIn(origin: string, { email, password }: Credentials): Promise<string> {
  const start = await fetch(`${origin}/api/auth/csrf`);
  const { csrfToken } = (await start.json()) as { csrfToken: string };
  const answer = await fetch(`${origin}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie: cookiesOf(start), origin },
    body: new URLSearchParams({ email, password, csrfToken, json: "true" }),
    redirect: "manual",
  });
  const cookies = cookiesOf(answer);
  if (!cookies.includes("session=")) throw new Error(`Signing in as ${email} was answered with ${answer.status}.`);
  return cookies;
}

function cookiesOf(response: Response): string {
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.slice(0, cookie.indexOf(";")));
  return cookies.join("; ");
}
