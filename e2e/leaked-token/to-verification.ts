import type { LaunchedConsole } from "@/scripts/launched-console";
import { asJson, headersWith, leaksIn, type Send } from "./canary";

const PARAMETERS = ["scope", "read", "write", "team", "resource", "preflight", "token", "access_token"];

/** Sends the token to every verification endpoint of the console and its verifier, with every kind of caller. */
export async function sendToVerification(
  { url, verifierUrl }: LaunchedConsole,
  token: string,
  callerToken: string,
): Promise<void> {
  const presented = [
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${callerToken}` },
    { authorization: token },
    { authorization: `Basic ${token}` },
    { authorization: `Basic ${Buffer.from(`${token}:${token}`).toString("base64")}` },
  ];
  for (const origin of [url, verifierUrl]) {
    const send: Send = (path, init) =>
      fetch(`${origin}${path}`, { ...init, headers: { ...headersWith(token), ...init?.headers } });
    for (const headers of presented) {
      await ask(send, headers, token);
      await askAbout(send, headers, token);
    }
    for (const path of [`/api/v1/${token}`, `/${token}`, "/api/metrics", "/api/health/ready"]) {
      await send(`${path}?${token}`);
      await send(`${path}?${token}=${token}`, { method: "POST", headers: asJson, body: JSON.stringify({ token }) });
    }
  }
}

async function ask(send: Send, headers: Record<string, string>, token: string): Promise<void> {
  const query = [...PARAMETERS, token].map((name) => `${name}=${token}`);
  for (const one of ["", "scope=messages.write", ...query]) {
    await send(`/api/v1/forward-auth?${one}`, { headers });
    await send(`/api/v1/me?${one}`, { headers });
  }
}

async function askAbout(send: Send, headers: Record<string, string>, token: string): Promise<void> {
  const question = { token, scopes: ["events.read"], resource: "event:1", ip: "192.0.2.1", method: "GET" };
  for (const leak of [question, ...leaksIn(question, token), { tokens: [token, token] }]) {
    await send("/api/v1/verify", { method: "POST", headers: { ...headers, ...asJson }, body: JSON.stringify(leak) });
  }
  const forms: Record<string, string>[] = [
    { token },
    { token, token_type_hint: token },
    { token, client_id: token, client_secret: token },
    { [token]: token },
  ];
  for (const form of forms) {
    await send("/api/v1/introspect", { method: "POST", headers, body: new URLSearchParams(form) });
  }
}
