import type { LaunchedConsole } from "@/scripts/launched-console";
import { cookiesWith, headersWith, leaksIn } from "./canary";
import { ADMIN } from "./own-console";

/** Sends the token to the sign-in endpoints. */
export async function sendToSignIn({ url }: LaunchedConsole, token: string): Promise<void> {
  const leaking = headersWith(token);
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const cookie = csrf.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const form = { email: ADMIN.email, password: token, csrfToken, callbackUrl: "/", json: "true" };
  for (const leak of [form, ...leaksIn(form, token)] as Record<string, string>[]) {
    await fetch(`${url}/api/auth/callback/credentials`, {
      method: "POST",
      headers: { ...leaking, cookie: `${cookie}; latchkey.session=${token}; ${cookiesWith(token)}`, origin: url },
      body: new URLSearchParams(leak),
      redirect: "manual",
    });
  }
  const paths = [`_log?message=${token}`, `error?error=${token}`, `signin?callbackUrl=${token}`, "session", token];
  const signedInWith = `latchkey.session=${token}; latchkey.csrf=${token}`;
  for (const path of paths) {
    for (const method of ["GET", "POST"]) {
      await fetch(`${url}/api/auth/${path}`, { method, headers: { ...leaking, cookie: signedInWith } });
    }
  }
}
