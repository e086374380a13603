/** A key id and a token, in place of an OAuth client's id and secret. */
export type BasicCredentials = { keyId: string; token: string };

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/**
 * Reads `Authorization: Basic` (RFC 7617). OAuth clients form-encode both parts (RFC 6749, section 2.3.1), others don't:
 * decoding always is safe, because ids and tokens have no characters that it changes.
 */
export function basicCredentials(authorization: string | undefined): BasicCredentials | null {
  const encoded = BASIC.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const [user, ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const keyId = formDecoded(user ?? "");
  const token = formDecoded(rest.join(":"));
  return keyId === null || token === null ? null : { keyId, token };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}
