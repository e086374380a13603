import { randomInt } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { BASE_URL } from "./fixtures";

export type RawAnswer = { status: number; type: string; headers: Record<string, string>; body: string };
type RawRequest = {
  method?: string;
  path: string;
  headers?: [name: string, value: string][];
  body?: string | Buffer;
  /** The client's address in 127.0.0.0/8: failed sign-ins are counted by it. */
  from?: string | undefined;
};

/** An address that no other test uses. */
export function newLoopbackAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Sends a request unchanged: repeated headers, or a path that no URL parser accepts. */
export function sendRaw({ method = "GET", path, headers = [], body, from }: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(BASE_URL);
  const length: [string, string][] = body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  return new Promise((resolve, reject) => {
    const local = from === undefined ? {} : { localAddress: from, family: 4 };
    const lines = [["Host", host], ...length, ...headers].flat();
    const outgoing = request({ hostname, port, path, method, headers: lines, ...local });
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
