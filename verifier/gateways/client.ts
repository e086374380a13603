import { type Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { headersOf } from "./echoing-api.ts";

export interface Call {
  method?: string;
  /** Sent unchanged, including dots and double slashes. */
  path?: string;
  token?: string;
  /** Sent unchanged, including duplicates. */
  headers?: [name: string, value: string][];
  body?: string;
  /** The address of this machine to call from; 127.0.0.0/8 is all ours. */
  from?: string;
  agent?: Agent;
}

export interface Answer {
  status: number;
  /** Duplicates are joined by a comma. */
  headers: Headers;
  body: string;
}

/** Sends one request without any normalization. */
export async function call(port: number, options: Call = {}): Promise<Answer> {
  const { method = "GET", path = "/events", token, headers = [], body, from, agent } = options;
  const all: [string, string][] = [["Host", `127.0.0.1:${port}`], ...headers];
  if (token) all.push(["Authorization", `Bearer ${token}`]);
  // Without it Node sends methods that usually have a body with one of unknown length.
  if (body !== undefined || !["GET", "HEAD"].includes(method)) {
    all.push(["Content-Length", String(Buffer.byteLength(body ?? ""))]);
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const target = { host: "127.0.0.1", port, method, path, headers: all.flat(), localAddress: from, agent };
    request(target, resolve).on("error", reject).end(body);
  });
  return { status: response.statusCode ?? 0, headers: new Headers(headersOf(response)), body: await text(response) };
}
