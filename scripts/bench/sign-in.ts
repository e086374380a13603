type Credentials = { email: string; password: string };

/** Signs in over HTTP, as any program could, and returns the cookies as a browser would send them. */
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
