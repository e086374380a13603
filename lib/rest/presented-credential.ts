import { isWellFormedToken } from "@/lib/api-keys/token";
import { env } from "@/lib/env";
import { SESSION_TOKEN_PREFIX } from "@/lib/session-tokens/token";
import { presentedToken } from "@/lib/verification/bearer-token";

/** The credential in a management request's `Authorization`; the cookie is used only with `none`. */
export type PresentedCredential =
  | { kind: "none" | "malformed" | "api_key" | "unknown" }
  | { kind: "session_token"; token: string };

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Reads the header without the database: keys aren't accepted here, active or not. */
export function presentedCredential(authorization: string | null | undefined): PresentedCredential {
  const presented = presentedToken(authorization);
  if (presented.kind === "malformed") return presented;
  // Browsers and proxies use Basic for other purposes; only a key in it is meant for us.
  if (presented.kind === "none") return { kind: basicParts(authorization).some(looksLikeKey) ? "api_key" : "none" };
  const { token } = presented;
  if (token.startsWith(SESSION_TOKEN_PREFIX)) return { kind: "session_token", token };
  return { kind: looksLikeKey(token) ? "api_key" : "unknown" };
}

function looksLikeKey(text: string): boolean {
  const { TOKEN_PREFIX_PERSONAL, TOKEN_PREFIX_TEAM } = env();
  return (
    [TOKEN_PREFIX_PERSONAL, TOKEN_PREFIX_TEAM].some((prefix) => text.startsWith(prefix)) || isWellFormedToken(text)
  );
}

function basicParts(authorization: string | null | undefined): string[] {
  const encoded = BASIC.exec(authorization ?? "")?.[1];
  return encoded === undefined ? [] : Buffer.from(encoded, "base64").toString("utf8").split(":");
}
