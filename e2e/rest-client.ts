import type { BrowserContext } from "@playwright/test";
import { at, BASE_URL, type Person, signIn } from "./fixtures";

/** The body for a key with one scope. */
export const READ = { scopes: ["events.read"] };

export type RestKey = {
  id: string;
  name: string | null;
  status: string;
  kind: string;
  scopes: string[];
  token?: string | null;
  owner: { type: string; id: string };
} & Record<string, unknown>;

export type RestAnswer<Data = RestKey> = {
  status: number;
  headers: Headers;
  text: string;
  data: Data;
  code?: string;
  errors?: { pointer?: string; parameter?: string; detail: string }[];
  next_cursor?: string | null;
};

export type Rest = <Data = RestKey>(
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string> },
) => Promise<RestAnswer<Data>>;

/** Calls the REST API with only these headers and none that browsers add. */
export function restWith(common: Record<string, string>): Rest {
  return async (method, path, { body, headers } = {}) => {
    const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    const sent = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const init = { method, headers: { ...common, ...json, ...headers }, body: sent ?? null };
    const response = await fetch(at(`/api/v1${path}`), init);
    const text = await response.text();
    return { ...(text ? JSON.parse(text) : {}), status: response.status, headers: response.headers, text };
  };
}

/** A client with a session token of this user. */
export async function restOf(context: BrowserContext, person: Person): Promise<Rest & { token: string }> {
  await signIn(context, person);
  const response = await context.request.post(at("/api/v1/session-token"), { headers: { origin: BASE_URL } });
  const { token } = (await response.json()).data as { token: string };
  return Object.assign(restWith({ authorization: `Bearer ${token}` }), { token });
}
