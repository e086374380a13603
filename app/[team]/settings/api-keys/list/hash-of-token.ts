/** Web Crypto is unavailable on pages over plain http, except from localhost. */
export function canHashToken(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/** The SHA-256 of a token in hex, as the console stores it. */
export async function hashOfToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
