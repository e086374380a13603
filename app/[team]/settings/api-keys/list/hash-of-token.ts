/** Browsers keep the Web Crypto API from pages that came over plain http, other than from this computer itself. */
export function canHashToken(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/** SHA-256 of a token in hex, which is what the console keeps of it. */
export async function hashOfToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
