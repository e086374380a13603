import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Several people can share a browser; only the most recent ones stay known. */
const MAX_PEOPLE = 4;
const SEPARATOR = "~";
const ENTRY = /^([\w-]{22})\.([\w-]{43})$/;

type Account = { id: string; passwordHash: string | null };

/**
 * The ID of the cookie's browser if the account has signed in with it before, otherwise null. An entry's signature
 * covers the account's password hash, so a new password makes all browsers unknown. Takes equally long for a missing
 * account.
 */
export function knownBrowser(cookie: string | undefined, account: Account | null): string | null {
  const entry = entriesIn(cookie).find(({ id, tag }) => isSigned(id, tag, account ?? NOBODY));
  return account && entry ? entry.id : null;
}

/** The cookie's new value after the account has signed in with this browser. */
export function withKnownAccount(cookie: string | undefined, account: Account): string {
  const others = entriesIn(cookie).filter(({ id, tag }) => !isSigned(id, tag, account));
  const id = knownBrowser(cookie, account) ?? randomBytes(16).toString("base64url");
  const entries = [{ id, tag: tagOf(id, account) }, ...others].slice(0, MAX_PEOPLE);
  return entries.map((entry) => `${entry.id}.${entry.tag}`).join(SEPARATOR);
}

const NOBODY: Account = { id: "", passwordHash: null };

function entriesIn(cookie: string | undefined): { id: string; tag: string }[] {
  if (!cookie) return [];
  const entries = cookie.split(SEPARATOR, MAX_PEOPLE).map((text) => ENTRY.exec(text));
  return entries.flatMap((match) => (match?.[1] && match[2] ? [{ id: match[1], tag: match[2] }] : []));
}

function isSigned(id: string, tag: string, account: Account): boolean {
  return timingSafeEqual(Buffer.from(tag), Buffer.from(tagOf(id, account)));
}

function tagOf(browserId: string, { id, passwordHash }: Account): string {
  const signed = ["known browser", browserId, id, passwordHash ?? ""].join("\0");
  return createHmac("sha256", process.env.AUTH_SECRET ?? "")
    .update(signed)
    .digest("base64url");
}
