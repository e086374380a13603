/** No more of a token than its start may be anywhere: this much of what follows is enough to find it by. */
export const secretPartOf = (token: string) => token.slice(token.lastIndexOf("_") + 5).slice(0, 24);

/** What may be kept of it. */
export const startOf = (token: string) => token.slice(0, token.lastIndexOf("_") + 5);

type Call = { method?: string; headers?: Record<string, string>; body?: string | URLSearchParams };
export type Send = (path: string, init?: Call) => Promise<Response>;

export const asJson = { "content-type": "application/json" };

/** Every value with one of its texts replaced by the token, one after the other; and with a field too many. */
export function leaksIn(value: unknown, token: string): unknown[] {
  if (typeof value === "string") return [token, `${value} ${token}`, ...addressesWith(value, token)];
  if (Array.isArray(value))
    return value.flatMap((item, at) => leaksIn(item, token).map((leak) => value.with(at, leak)));
  if (typeof value !== "object" || value === null) return [token];
  const inFields = Object.entries(value).flatMap(([name, field]) =>
    // Cut to what fits the shortest of names, which would refuse the whole of it for its length alone.
    [...leaksIn(field, token), ...(name === "name" ? [token.slice(0, 40)] : [])].map((leak) => ({
      ...value,
      [name]: leak,
    })),
  );
  return [...inFields, { ...value, [token]: token }];
}

/** An address that is one by its form stays one: as the whole of what stands before the @, as a part of it, in capitals. */
function addressesWith(value: string, token: string): string[] {
  const [person, host] = value.split("@");
  if (host === undefined) return [];
  return [`${token}@${host}`, `${person}+${token}@${host}`, `${token.toUpperCase()}@${host}`];
}

/** Every header that anything of ours reads, and some that nothing should. */
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

/** The token as every cookie that signs nobody in or out, and as one of somebody else's. */
export const cookiesWith = (token: string) =>
  [...["callback", "browser", "theme", "columns"].map((name) => `latchkey.${name}`), token, "x"]
    .map((name) => `${name}=${token}`)
    .join("; ");
