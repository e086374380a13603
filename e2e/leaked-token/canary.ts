/** Only a token's start may be stored; this part of the rest is enough to search for. */
export const secretPartOf = (token: string) => token.slice(token.lastIndexOf("_") + 5).slice(0, 24);

/** The part that may be stored. */
export const startOf = (token: string) => token.slice(0, token.lastIndexOf("_") + 5);

type Call = { method?: string; headers?: Record<string, string>; body?: string | URLSearchParams };
export type Send = (path: string, init?: Call) => Promise<Response>;

export const asJson = { "content-type": "application/json" };

/** All variants of a value with one of its texts replaced by the token, and one with an additional field. */
export function leaksIn(value: unknown, token: string): unknown[] {
  if (typeof value === "string") return [token, `${value} ${token}`, ...addressesWith(value, token)];
  if (Array.isArray(value))
    return value.flatMap((item, at) => leaksIn(item, token).map((leak) => value.with(at, leak)));
  if (typeof value !== "object" || value === null) return [token];
  const inFields = Object.entries(value).flatMap(([name, field]) =>
    // Cut to the shortest name limit, because the whole token would be rejected for its length.
    [...leaksIn(field, token), ...(name === "name" ? [token.slice(0, 40)] : [])].map((leak) => ({
      ...value,
      [name]: leak,
    })),
  );
  return [...inFields, { ...value, [token]: token }];
}

/** Variants of an email address that stay valid: with the token as the local part, as a part of it, and in capitals. */
function addressesWith(value: string, token: string): string[] {
  const [person, host] = value.split("@");
  if (host === undefined) return [];
  return [`${token}@${host}`, `${person}+${token}@${host}`, `${token.toUpperCase()}@${host}`];
}

/** All headers that our code reads, and some that nothing should read. */
export const headersWith = (token: string): Record<string, string> => ({
  "user-agent": `curl/8 ${token}`,
  "x-request-id": token.slice(0, 64),
  "x-forwarded-for": token,
  "x-forwarded-method": token,
  "x-original-method": token,
  "x-forwarded-uri": `/${token}`,
  forwarded: `for=${token}`,
  "accept-language": token,
  referer: `http://localhost/${token}`,
  "next-url": `/${token}`,
  "x-anything": token,
});

/** The token as every cookie that doesn't affect the session, and as an unrelated one. */
export const cookiesWith = (token: string) =>
  [...["callback", "browser", "theme", "columns"].map((name) => `latchkey.${name}`), token, "x"]
    .map((name) => `${name}=${token}`)
    .join("; ");
