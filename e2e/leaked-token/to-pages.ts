import type pg from "pg";
import { expect } from "../fixtures";
import type { Send } from "./canary";
import type { Ids } from "./own-console";

const SCREENS = ["api-keys", "roles", "members", "policies", "audit-log", "quick-start"].map(
  (name) => `/settings/${name}`,
);
const BELOW = ["api-keys/review", "api-keys/why", "audit-log/export", "api-keys/export", "quick-start/reference"].map(
  (path) => `/settings/${path}`,
);
/** All query parameters of the pages. */
const PARAMETERS = [
  ...["q", "key", "hash", "status", "owner", "scope", "kind", "type", "expires", "unused", "sort", "about", "member"],
  ...[
    "cursor",
    "after",
    "before",
    "from",
    "to",
    "actor",
    "action",
    "format",
    "period",
    "request",
    "for",
    "read",
    "write",
  ],
];
const CODES = ["/sign-in?callbackUrl=/", "/setup?code=", "/invite?code=", "/account/confirm-address?code="];

/** Sends the token to every screen's search boxes and filters, and in paths, with and without a session. */
export async function sendToPages(send: Send, { team }: Ids, token: string): Promise<void> {
  const query = [...PARAMETERS, token].map((name) => `${name}=${token}`).join("&");
  for (const path of ["", "/settings", ...SCREENS, ...BELOW]) await send(`/${team}${path}?${query}`);
  for (const path of [
    `/${token}`,
    `/${team}/settings/api-keys/${token}`,
    `/${team}/settings/roles/${token}`,
    `/${team}/${token}`,
    `/.well-known/${token}`,
  ]) {
    await send(path);
    await send(path, { headers: { cookie: "" } });
  }
  for (const path of [...CODES, "/?q=", "/account?q=", "/robots.txt?q=", "/_next/image?url="]) {
    await send(path + token);
  }
}

/**
 * Sends requests that are denied, which are also counted and recorded. Runs last, because the counts are soon written.
 */
export async function sendAsViewer(
  client: pg.Client,
  send: Send,
  ids: Ids,
  token: string,
  cookie: string,
): Promise<void> {
  const viewer = "(select id from roles where name = 'Viewer')";
  await client.query(`update members set role_id = ${viewer} where id = $1`, [ids.member]);
  const sendNow: Send = (path, init) => send(path, { ...init, headers: { cookie, ...init?.headers } });
  await sendToPages(sendNow, ids, token);
  await sendToPages(sendNow, ids, token);
  const { rows } = await client.query("select from refusal_counts where reason like 'Opening %roles/lk_pat_%'");
  expect(rows).toHaveLength(1);
}
