import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isLastAnswer } from "./connections.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { BODY_LIMIT_BYTES, receiveBody } from "./receive-body.ts";

let http: HttpServer;
/** Releases the responses to /held. */
let letGo: () => void;
let lastBody: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  http = createHttpServer();
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  http.serve(async (request, response) => {
    const body = receiveBody(request, response);
    const received = await body.reception;
    if (request.url === "/held") await held;
    if ("body" in received) lastBody = received.body.toString();
    const text = "body" in received ? `${received.body.length} bytes` : received.fault;
    const last = isLastAnswer(request) ? { connection: "close" } : {};
    response.writeHead(200, { "content-length": text.length, ...last }).end(text);
    body.release();
  });
  await once(http.server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await http.close(AbortSignal.abort());
});

const portOf = (server: Server) => (server.address() as { port: number }).port;

async function open() {
  const socket = connect(portOf(http.server), "127.0.0.1").on("error", () => {});
  sockets.push(socket);
  let received = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    received += chunk;
  });
  await once(socket, "connect");
  return { socket, received: () => received, closed: new Promise((resolve) => socket.once("close", resolve)) };
}

/** Sends a request without its last byte. */
async function sendAlmost(length: number, path = "/") {
  const client = await open();
  client.socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length - 1)}`);
  return client;
}

describe("bodies that are sent and not ended", () => {
  test("give way, the oldest first, where together they would be too many bytes, and keep out no others", async () => {
    const count = 400;
    const slow: Awaited<ReturnType<typeof sendAlmost>>[] = [];
    for (let each = 0; each < count; each++) slow.push(await sendAlmost(BODY_LIMIT_BYTES));
    const given = () => slow.map(({ received }) => received().includes("no room"));
    await expect.poll(() => given().filter(Boolean).length).toBeGreaterThan(100);
    expect(given().filter(Boolean).length).toBeLessThan(200);
    expect(given()).toEqual([...given()].sort((a, b) => Number(b) - Number(a)));
    for (const length of [10, 4_096, BODY_LIMIT_BYTES]) {
      const client = await sendAlmost(length);
      client.socket.write("x");
      await expect.poll(client.received).toContain(`${length} bytes`);
    }
  });

  test("are kept where they are short, however many there are", async () => {
    const slow: Awaited<ReturnType<typeof sendAlmost>>[] = [];
    for (let each = 0; each < 300; each++) slow.push(await sendAlmost(4_096));
    for (const { socket } of slow) socket.write("x");
    await expect.poll(() => slow.every(({ received }) => received().includes("4096 bytes"))).toBe(true);
  });

  test("find room where they are short also while long ones that have arrived take all of it", async () => {
    for (let each = 0; each < 300; each++) (await sendAlmost(BODY_LIMIT_BYTES, "/held")).socket.write("x");
    const long = await sendAlmost(BODY_LIMIT_BYTES);
    long.socket.write("x");
    await expect.poll(long.received).toContain("no room");
    const short = await sendAlmost(4_096);
    short.socket.write("x");
    await expect.poll(short.received).toContain("4096 bytes");
    letGo();
  });

  test("leave nothing behind when their clients go", async () => {
    for (let round = 0; round < 3; round++) {
      const gone: Awaited<ReturnType<typeof sendAlmost>>[] = [];
      for (let each = 0; each < 200; each++) gone.push(await sendAlmost(BODY_LIMIT_BYTES));
      for (const { socket } of gone) socket.destroy();
      await Promise.all(gone.map(({ closed }) => closed));
    }
    const slow: Awaited<ReturnType<typeof sendAlmost>>[] = [];
    for (let each = 0; each < 200; each++) slow.push(await sendAlmost(BODY_LIMIT_BYTES));
    for (const { socket } of slow) socket.write("x");
    await expect.poll(() => slow.every(({ received }) => received().includes("65536 bytes"))).toBe(true);
  });
});

test("a body that arrives in pieces of all sizes is put together", async () => {
  const { socket, received } = await open();
  const sizes = [1, 1, 300, 7, 4_000, 1, 60_000, 1_226];
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  let sent = "";
  for (const [index, size] of sizes.entries()) {
    const piece = String(index).repeat(size);
    sent += piece;
    socket.write(`${size.toString(16)}\r\n${piece}\r\n`);
  }
  socket.write("0\r\n\r\n");
  await expect.poll(received).toContain("65536 bytes");
  expect(lastBody).toBe(sent);
});

test("a client of HTTP/1.0 gets no leave to send its body, and one of 1.1 does", async () => {
  for (const [version, status] of [
    ["1.0", 200],
    ["1.1", 100],
  ]) {
    const { socket, received } = await open();
    socket.write(`POST / HTTP/${version}\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
    await nextTurn();
    socket.write("{}");
    await expect.poll(received).toContain("2 bytes");
    expect(received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test("a head may have 100 fields, and more are refused on all ways into the server", async () => {
  const head = (count: number, first = "GET / HTTP/1.1\r\nHost: x") =>
    `${first}\r\n${Array.from({ length: count }, (_, index) => `f${index}: 1\r\n`).join("")}\r\n`;
  const { socket, received } = await open();
  const statuses = () => [...received().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  socket.write(head(99));
  await expect.poll(statuses).toEqual([200]);
  socket.write(head(100));
  await expect.poll(statuses).toEqual([200, 431]);
  socket.write(head(2_000));
  await expect.poll(statuses).toEqual([200, 431, 431]);
  socket.write(head(99, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue"));
  await expect.poll(statuses).toEqual([200, 431, 431, 431]);
  expect(received()).toMatch(/connection: close/i);
});

test("connections made while the process was busy are served although the server is stopping", async () => {
  const idle = await Promise.all(Array.from({ length: 20 }, open));
  await nextTurn();
  const closing = http.close();
  const clients = Array.from({ length: 20 }, open);
  for (const { socket } of idle) socket.destroy();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const until = performance.now() + 300;
  while (performance.now() < until);
  for (const { socket, received } of await Promise.all(clients)) {
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(received, { interval: 5 }).toContain("0 bytes");
    socket.end();
  }
  await closing;
});

test("an answer written just before a stopping server closes its port keeps its connection, and the next ends it", async () => {
  const { socket, received } = await open();
  socket.write("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  await nextTurn();
  const closing = http.close();
  letGo();
  await expect.poll(received, { interval: 5 }).toContain("0 bytes");
  expect(received()).not.toMatch(/connection: close/i);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await expect.poll(received).toMatch(/0 bytes[\s\S]*0 bytes/);
  socket.end();
  await closing;
});

test("a client with expectations that nobody meets is bounded as any other", async () => {
  const { socket, received, closed } = await open();
  const request = "GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n";
  socket.write(request);
  await expect.poll(received).toContain("417 Expectation Failed");
  socket.write(request.repeat(3_000));
  await closed;
  expect(received().match(/HTTP\/1\.1 417/g)?.length).toBeLessThanOrEqual(33);
});
