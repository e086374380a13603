import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { log } from "../lib/log.ts";
import { closeLingering } from "./close-lingering.ts";
import { announcesBody } from "./receive-body.ts";

/** Reading from a connection pauses at this many unanswered requests; at twice as many it is dropped. */
export const PIPELINE_DEPTH = 16;
/** Node parses up to 64 KB of requests before reading can pause, so a connection can briefly exceed the depth. */
const PIPELINE_LIMIT = 2 * PIPELINE_DEPTH;
/** Queued pipelined requests, per process: a few KB each. */
const WAITING_LIMIT = 2_048;
/** Responses that clients haven't read, per process. */
const UNREAD_LIMIT_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 500;
const LOG_MS = 10_000;
/** Closes this share of the connections (1/64) at a time, so that evictions, which sort all of them, are rare. */
const EVICTED_SHARE = 64;

export interface ConnectionLimits {
  /** When exceeded, the longest unused connections are closed; new ones are always accepted. */
  connections: number;
  /** The response to the last of them carries `Connection: close`. */
  requestsPerConnection: number;
}

interface Connection {
  socket: Socket;
  owner: Connections;
  /** In order; each stays until its last byte has been passed to the kernel. */
  unanswered: ServerResponse[];
  requests: number;
  /** The value of {@link Connections.ticks} at the last request or response. */
  usedAt: number;
  /** Has carried a valid token. */
  isProven: boolean;
  isPaused: boolean;
  /** The next response is the last. */
  isEnding: boolean;
  /** The last response has been sent; further requests are ignored. */
  isOver: boolean;
  ignored: number;
}

const CONNECTION = Symbol("connection");
type TrackedSocket = Socket & { [CONNECTION]?: Connection };

const connectionOf = (socket: Socket) => (socket as TrackedSocket)[CONNECTION];

/**
 * Tracks one server's connections and limits the memory that their clients can occupy. A pipelined request costs the
 * client a few bytes and the process several KB, so unanswered requests and unread responses are limited per connection
 * and in total.
 */
export class Connections {
  /** Counts requests and responses; a clock that is free to read. */
  ticks = 0;
  /** Total number of connections so far. */
  accepted = 0;
  private readonly open = new Set<Connection>();
  private waiting = 0;
  private dropped = 0;
  private loggedAt = Number.NEGATIVE_INFINITY;
  private areEnding = false;
  private readonly sweeping: NodeJS.Timeout;

  constructor(private readonly limits: ConnectionLimits) {
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  get size(): number {
    return this.open.size;
  }

  add(socket: Socket): void {
    this.accepted++;
    if (this.open.size >= this.limits.connections) this.evict();
    const connection: Connection = {
      socket,
      owner: this,
      unanswered: [],
      requests: 0,
      usedAt: ++this.ticks,
      isProven: false,
      isPaused: false,
      isEnding: this.areEnding,
      isOver: false,
      ignored: 0,
    };
    (socket as TrackedSocket)[CONNECTION] = connection;
    this.open.add(connection);
    socket.once("close", () => this.remove(connection));
  }

  /** Whether to serve a request that has just arrived; if not, its connection is closed or about to be. */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const connection = connectionOf(socket);
    if (!connection) return true;
    if (connection.isOver) return this.ignore(connection);
    const { unanswered } = connection;
    unanswered.push(response);
    response.on("finish", finished);
    connection.usedAt = ++this.ticks;
    if (++connection.requests >= this.limits.requestsPerConnection) connection.isEnding = true;
    return unanswered.length === 1 || this.admitWaiting(connection);
  }

  /** Node keeps parsing requests that arrive after the last response. */
  private ignore(connection: Connection): false {
    if (++connection.ignored > PIPELINE_LIMIT) this.drop(connection);
    return false;
  }

  private admitWaiting(connection: Connection): boolean {
    if (++this.waiting > WAITING_LIMIT) this.dropMostStalled();
    const { length } = connection.unanswered;
    if (length > PIPELINE_LIMIT) this.drop(connection);
    // Node resumes reading after each request, so pause once all that have arrived are parsed.
    else if (length === PIPELINE_DEPTH) setImmediate(pauseIfFull, connection);
    return !connection.isOver;
  }

  /** Makes the next response the last one on every connection. */
  endAll(): void {
    this.areEnding = true;
    for (const connection of this.open) connection.isEnding = true;
  }

  /** Keeps connections accepted from now on open, until the next {@link endAll}. */
  keepNew(): void {
    this.areEnding = false;
  }

  /** Closes connections without a request or response since {@link ticks} had this value. */
  closeIdle(since: number): void {
    for (const { unanswered, usedAt, socket } of this.open) {
      if (unanswered.length === 0 && usedAt <= since) closeLingering(socket);
    }
  }

  stop(): void {
    clearInterval(this.sweeping);
  }

  answered(connection: Connection): void {
    if (!connection.unanswered.shift()) return;
    connection.usedAt = ++this.ticks;
    const { length } = connection.unanswered;
    if (length > 0) this.waiting--;
    if (connection.isPaused && length < PIPELINE_DEPTH) {
      connection.isPaused = false;
      connection.socket.resume();
    }
  }

  private remove(connection: Connection): boolean {
    this.waiting -= Math.max(0, connection.unanswered.length - 1);
    connection.unanswered = [];
    connection.isOver = true;
    return this.open.delete(connection);
  }

  private drop(connection: Connection): void {
    if (!this.remove(connection)) return;
    this.dropped++;
    connection.socket.destroy();
  }

  /** A client that pipelines legitimately makes progress; one that doesn't read its responses makes none. */
  private dropMostStalled(): void {
    let worst: Connection | undefined;
    for (const connection of this.open) {
      if (connection.unanswered.length < 2) continue;
      if (!worst || connection.usedAt < worst.usedAt) worst = connection;
    }
    if (worst) this.drop(worst);
  }

  /**
   * Connections with valid tokens, such as a gateway's, are closed last, so a flood evicts its own connections first.
   */
  private evict(): void {
    const worth = (a: Connection, b: Connection) =>
      Number(a.isProven) - Number(b.isProven) ||
      Number(a.unanswered.length > 0) - Number(b.unanswered.length > 0) ||
      a.usedAt - b.usedAt;
    const count = Math.ceil(this.limits.connections / EVICTED_SHARE);
    for (const connection of [...this.open].sort(worth).slice(0, count)) this.drop(connection);
  }

  private sweep(): void {
    this.dropUnread();
    if (this.dropped === 0 || performance.now() - this.loggedAt < LOG_MS) return;
    log.warn({ dropped: this.dropped, open: this.open.size }, "connections dropped: too many, or responses not read");
    this.dropped = 0;
    this.loggedAt = performance.now();
  }

  private dropUnread(): void {
    const unread = [...this.open]
      .filter(({ unanswered }) => unanswered.length > 0)
      .map((connection) => ({ connection, bytes: unreadBytes(connection) }))
      .sort((a, b) => b.bytes - a.bytes);
    let total = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { connection, bytes } of unread) {
      if (total <= UNREAD_LIMIT_BYTES) return;
      total -= bytes;
      this.drop(connection);
    }
  }
}

const unreadBytes = ({ unanswered }: Connection) =>
  unanswered.reduce((sum, response) => sum + response.writableLength, 0);

/** Shared by all responses, to avoid a closure per request. */
function finished(this: ServerResponse): void {
  const connection = connectionOf(this.req.socket);
  connection?.owner.answered(connection);
}

function pauseIfFull(connection: Connection): void {
  if (connection.isOver || connection.unanswered.length < PIPELINE_DEPTH) return;
  connection.isPaused = true;
  connection.socket.pause();
}

/** Marks a connection that has carried a valid token, so that it is evicted last. */
export function proveConnection({ socket }: IncomingMessage): void {
  const connection = connectionOf(socket);
  if (connection) connection.isProven = true;
}

/**
 * Whether the response whose head is being written is the last of its connection and must carry `Connection: close`:
 * during shutdown, at the request limit, and if the request's body wasn't fully read.
 */
export function isLastAnswer(request: IncomingMessage): boolean {
  const connection = connectionOf(request.socket);
  const isUnread = !request.complete && announcesBody(request);
  if (!isUnread && !connection?.isEnding) return false;
  // Pipelined requests that have already arrived still get their responses.
  if (!isUnread && connection && connection.unanswered.at(-1)?.req !== request) return false;
  if (connection) connection.isOver = true;
  // Node calls this after a connection's last response, and would close it immediately, which resets it while the
  // client is sending.
  request.socket.destroySoon = closeLingering.bind(null, request.socket);
  return true;
}
