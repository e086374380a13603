import { request } from "node:http";
import { connect } from "node:net";
import type { LaunchedConsole } from "@/scripts/launched-console";

/** Headers that no client library sends, and headers that Next reads. */
const HEADERS = [
  ...["host", "origin", "next-action", "next-router-state-tree", "next-router-prefetch", "rsc", "x-action-forwarded"],
  ...["next-router-segment-prefetch", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-http-method-override"],
  ...["accept", "accept-encoding", "content-type", "content-encoding", "if-none-match", "range", "from", "via", "te"],
  ...["traceparent", "expect", "upgrade", "transfer-encoding", "content-length", "authorization", "cookie"],
];

type Signed = { path: string; cookie: string };

/** Sends the token in one header at a time of otherwise valid requests, and in malformed requests. */
export async function sendToHeaders({ url, verifierUrl }: LaunchedConsole, page: Signed, token: string): Promise<void> {
  for (const name of HEADERS) {
    for (const [method, path] of [
      ["GET", page.path],
      ["POST", page.path],
      ["GET", "/api/v1/me"],
      ["POST", "/sign-in"],
    ] as const) {
      const right = { cookie: page.cookie, origin: url, "content-type": "text/plain", "next-action": "00".repeat(21) };
      await sendOne(url, method, path, { ...right, [name]: token });
      await sendOne(verifierUrl, method, path, { ...right, [name]: token });
    }
  }
  for (const origin of [url, verifierUrl]) {
    for (const head of [
      `${token} / HTTP/1.1`,
      `GET /${token} HTTP/9`,
      `GET http://${token}/${token} HTTP/1.1`,
      `GET ${token}`,
    ]) {
      await sendHead(origin, `${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    }
    await sendHead(origin, `GET / HTTP/1.1\r\n${token}\r\n\r\n`);
  }
}

function sendOne(origin: string, method: string, path: string, headers: Record<string, string>): Promise<void> {
  return new Promise((done) => {
    const outgoing = request(`${origin}${path}`, { method, headers, agent: false });
    outgoing.setTimeout(5_000, () => outgoing.destroy());
    outgoing.once("error", () => done());
    outgoing.once("upgrade", (_, socket) => socket.destroy());
    outgoing.once("response", (response) => response.resume().once("close", done));
    outgoing.end(method === "POST" ? "[]" : undefined);
  });
}

function sendHead(origin: string, head: string): Promise<void> {
  return new Promise((done) => {
    const socket = connect(Number(new URL(origin).port), "localhost", () => socket.write(head));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.once("error", () => socket.destroy());
    socket.once("close", () => done());
    socket.resume();
  });
}
