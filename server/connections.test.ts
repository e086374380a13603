import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ConnectionLimits, Connections, isLastAnswer, PIPELINE_DEPTH, proveConnection } from "./connections.ts";

let server: Server;
let connections: Connections;
/** Admitted requests without a response. */
let held: { request: IncomingMessage; response: ServerResponse }[];
let served: number;

async function start(limits: Partial<ConnectionLimits>, isHeld = false): Promise<void> {
  connections = new Connections({ connections: 1_000, requestsPerConnection: 1_000, ...limits });
  server.on("connection", (socket) => connections.add(socket));
  server.on("request", (request, response) => {
    if (!connections.admit(request, response)) return;
    served++;
    if (isHeld) held.push({ request, response });
    else setImmediate(() => answer({ request, response }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
}

function answer({ request, response }: (typeof held)[number], body = `answer to ${request.url};`): void {
  const last = isLastAnswer(request) ? { connection: "close" } : {};
  response.writeHead(200, { "content-length": body.length, ...last }).end(body);
}

const port = () => (server.address() as { port: number }).port;
const requests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `GET /${from + index} HTTP/1.1\r\nHost: x\r\n\r\n`).join("");
const bodiesIn = (received: string) =>
  [...received.matchAll(/answer to \/(\d+);/g)].map(([, number]) => Number(number));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function open(options = {}): Promise<Socket> {
  const socket = connect({ port: port(), host: "127.0.0.1", ...options }).on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));

function gather(socket: Socket): () => string {
  let received = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    received += chunk;
  });
  return () => received;
}

beforeEach(() => {
  server = createServer();
  held = [];
  served = 0;
});
afterEach(() => {
  connections.stop();
  server.closeAllConnections();
  server.close();
});

describe("a connection", () => {
  test(`that pipelines ${PIPELINE_DEPTH} requests at a time gets all answers in order`, async () => {
    await start({});
    const socket = await open();
    const received = gather(socket);
    for (let round = 1; round <= 20; round++) {
      socket.write(requests((round - 1) * PIPELINE_DEPTH, round * PIPELINE_DEPTH));
      await expect.poll(() => bodiesIn(received()), { interval: 5 }).toEqual(upTo(round * PIPELINE_DEPTH));
    }
  });

  test("gets them in order also when the first is answered last", async () => {
    await start({}, true);
    const socket = await open();
    const received = gather(socket);
    socket.write(requests(0, PIPELINE_DEPTH));
    await expect.poll(() => held.length).toBe(PIPELINE_DEPTH);
    for (const each of held.reverse()) answer(each);
    await expect.poll(() => bodiesIn(received())).toEqual(upTo(PIPELINE_DEPTH));
  });

  test("isn't read further while it has that many unanswered, and goes on when it has its answers", async () => {
    await start({}, true);
    const socket = await open();
    const received = gather(socket);
    socket.write(requests(0, PIPELINE_DEPTH));
    await expect.poll(() => held.length).toBe(PIPELINE_DEPTH);
    await delay(50);
    socket.write(requests(PIPELINE_DEPTH, 2 * PIPELINE_DEPTH));
    await delay(100);
    expect(held.length).toBe(PIPELINE_DEPTH);
    for (const each of held.splice(0)) answer(each);
    await expect.poll(() => held.length).toBe(PIPELINE_DEPTH);
    for (const each of held.splice(0)) answer(each);
    await expect.poll(() => bodiesIn(received())).toEqual(upTo(2 * PIPELINE_DEPTH));
  });

  test("that sends thousands without waiting is dropped, and hardly any of them is served", async () => {
    await start({}, true);
    const socket = await open();
    socket.write(requests(0, 3_000));
    await closed(socket);
    expect(served).toBeLessThanOrEqual(2 * PIPELINE_DEPTH);
    expect(connections.size).toBe(0);
  });

  test("ends after its last request with an answer that says so, and what was pipelined before is answered", async () => {
    await start({ requestsPerConnection: 8 });
    const socket = await open();
    socket.write(requests(0, 12));
    const received = await text(socket);
    expect(bodiesIn(received)).toEqual(upTo(bodiesIn(received).length));
    expect(bodiesIn(received).length).toBeGreaterThanOrEqual(8);
    expect(received.match(/^connection: close/gim)).toHaveLength(1);
    expect(received.split("HTTP/1.1 200").at(-1)).toMatch(/^connection: close/im);
  });

  test("that goes on sending behind its last answer still gets that answer, and is dropped", async () => {
    await start({ requestsPerConnection: 1 });
    const socket = await open();
    const [received, end] = [gather(socket), closed(socket)];
    socket.write(requests(0, 1));
    await delay(5);
    socket.write(requests(1, 2_000));
    await end;
    expect(bodiesIn(received())).toEqual([0]);
    expect(served).toBe(1);
  });

  test("whose body isn't read isn't reset while that is coming in: its client gets the answer", async () => {
    await start({});
    const socket = await open({ allowHalfOpen: true });
    const [received, end] = [gather(socket), closed(socket)];
    const errors: Error[] = [];
    socket.on("error", (error) => errors.push(error));
    socket.write(`POST /0 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(300_000)}`);
    await expect.poll(() => bodiesIn(received())).toEqual([0]);
    expect(received()).toMatch(/^connection: close/im);
    for (let part = 0; part < 5; part++) {
      await delay(20);
      socket.write("x".repeat(100_000));
    }
    socket.end();
    await end;
    expect(errors).toEqual([]);
  });
});

describe("all connections together", () => {
  test("may keep only so many requests waiting: those that read nothing are dropped first", async () => {
    await start({}, true);
    const idle = await Promise.all(Array.from({ length: 200 }, () => open()));
    await expect.poll(() => connections.size).toBe(200);
    for (const socket of idle) socket.write(requests(0, 15));
    await expect.poll(() => connections.size).toBeLessThan(160);
    const socket = await open();
    const received = gather(socket);
    socket.write(requests(0, PIPELINE_DEPTH));
    const own = () => held.filter(({ request }) => request.socket.remotePort === socket.localPort);
    await expect.poll(() => own().length).toBe(PIPELINE_DEPTH);
    for (const each of own()) answer(each);
    await expect.poll(() => bodiesIn(received())).toEqual(upTo(PIPELINE_DEPTH));
    for (const each of idle) each.destroy();
  });

  test("may leave only so many bytes unread: those with the most are dropped", async () => {
    await start({}, true);
    const clients = await Promise.all(Array.from({ length: 12 }, () => open()));
    for (const client of clients) client.pause().write(requests(0, 1));
    await expect.poll(() => held.length).toBe(clients.length);
    for (const each of held) answer(each, "x".repeat(10 * 1024 * 1024));
    await expect.poll(() => connections.size).toBeLessThan(6);
    expect(connections.size).toBeGreaterThan(0);
    for (const client of clients) client.destroy();
  });

  test("are never too many for one more: those go that were of no use, and not those of good callers", async () => {
    await start({ connections: 64 }, true);
    const good = await open();
    const received = gather(good);
    good.write(requests(0, 1));
    await expect.poll(() => held.length).toBe(1);
    for (const each of held.splice(0)) {
      proveConnection(each.request);
      answer(each);
    }
    const others = [];
    for (let count = 0; count < 200; count++) others.push(await open());
    await expect.poll(() => connections.size).toBeLessThanOrEqual(64);
    for (const socket of [good, others.at(-1) as Socket]) socket.write(requests(1, 2));
    await expect.poll(() => held.length).toBe(2);
    for (const each of held) answer(each);
    await expect.poll(() => bodiesIn(received())).toEqual([0, 1]);
    for (const each of others) each.destroy();
  });
});
