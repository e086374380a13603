import { request } from "node:http";
import { text } from "node:stream/consumers";
import { BASE_URL } from "./fixtures";

export type RawAnswer = { status: number; type: string; headers: Record<string, string>; body: string };
type RawRequest = { method?: string; path: string; headers?: [name: string, value: string][]; body?: string | Buffer };

/** Sends a request exactly as given: a header twice, a path that no URL parser would let through. */
export function sendRaw({ method = "GET", path, headers = [], body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(BASE_URL);
  const length: [string, string][] = body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers: [["Host", host], ...length, ...headers].flat() });
    outgoing.once("error", reject);
    outgoing.once("response", async (response) => {
      const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      resolve({
        status: response.statusCode ?? 0,
        type: response.headers["content-type"] ?? "",
        headers: Object.fromEntries(flat),
        body: await text(response).catch(() => ""),
      });
    });
    outgoing.end(body);
  });
}
