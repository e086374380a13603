import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { log } from "../lib/log.ts";
import { closeLingering } from "./close-lingering.ts";
import { announcesBody } from "./receive-body.ts";

/** Beyond this many unanswered requests a connection isn't read; none is served that has twice as many. */
export const PIPELINE_DEPTH = 16;
/** Node has up to 64 KB of requests parsed before reading can stop, so a connection may go over for a moment. */
const PIPELINE_LIMIT = 2 * PIPELINE_DEPTH;
/** Requests that wait behind another on their connection, in the whole process: a few KB each. */
const WAITING_LIMIT = 2_048;
/** Answers that their clients don't read, in the whole process. */
const UNREAD_LIMIT_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 500;
const LOG_MS = 10_000;
/** Each time one connection too many comes, this share of them is closed, so that the search for them is rare. */
const EVICTED_SHARE = 64;

export interface ConnectionLimits {
  /** Beyond it, those close that have been of no use for the longest; new ones always get in. */
  connections: number;
  /** The answer to the last of them says `Connection: close`. */
  requestsPerConnection: number;
}

interface Connection {
  socket: Socket;
  owner: Connections;
  /** In order; each until its last byte has been handed to the kernel. */
  unanswered: ServerResponse[];
  requests: number;
  /** When something was asked or answered last, on the clock of {@link Connections.ticks}. */
  usedAt: number;
  /** A caller with a good token has been served on it. */
  isProven: boolean;
  isPaused: boolean;
  /** The next answer is to be the last. */
  isEnding: boolean;
  /** The last answer has been given: whatever comes now isn't served. */
  isOver: boolean;
  ignored: number;
}

const CONNECTION = Symbol("connection");
type TrackedSocket = Socket & { [CONNECTION]?: Connection };

const connectionOf = (socket: Socket) => (socket as TrackedSocket)[CONNECTION];

/**
 * The connections of one server, and what their clients may make the process keep for them. Pipelined requests cost a
 * client some bytes each, and the process some KB: what isn't answered or read yet is bounded, for each connection and
 * for all together.
 */
export class Connections {
  /** Counts requests and answers: a clock that costs nothing to read. */
  ticks = 0;
  /** How many there have been. */
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

  /** To be called for each new connection. */
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

  /** Whether a request that just came is to be served; where not, its connection is closed or about to be. */
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

  /** Node goes on making requests of what comes in behind the last answer. */
  private ignore(connection: Connection): false {
    if (++connection.ignored > PIPELINE_LIMIT) this.drop(connection);
    return false;
  }

  private admitWaiting(connection: Connection): boolean {
    if (++this.waiting > WAITING_LIMIT) this.dropMostStalled();
    const { length } = connection.unanswered;
    if (length > PIPELINE_LIMIT) this.drop(connection);
    // Node resumes reading after each request, so it is stopped when all that have arrived are parsed.
    else if (length === PIPELINE_DEPTH) setImmediate(pauseIfFull, connection);
    return !connection.isOver;
  }

  /** All answers from now on are the last ones of their connections. */
  endAll(): void {
    this.areEnding = true;
    for (const connection of this.open) connection.isEnding = true;
  }

  /** Connections that come from now on stay open, until {@link endAll} is called again. */
  keepNew(): void {
    this.areEnding = false;
  }

  /** Closes the connections on which nothing was asked or answered since {@link ticks} stood there. */
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

  /** Whoever doesn't read its answers gets nowhere; a client that pipelines in earnest always does. */
  private dropMostStalled(): void {
    let worst: Connection | undefined;
    for (const connection of this.open) {
      if (connection.unanswered.length < 2) continue;
      if (!worst || connection.usedAt < worst.usedAt) worst = connection;
    }
    if (worst) this.drop(worst);
  }

  /** A gateway's connections stay as long as there are others: whoever floods us closes their own first. */
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
    log.warn({ dropped: this.dropped, open: this.open.size }, "connections dropped: too many, or answers not read");
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

/** One function for all responses: none is made for each request. */
function finished(this: ServerResponse): void {
  const connection = connectionOf(this.req.socket);
  connection?.owner.answered(connection);
}

function pauseIfFull(connection: Connection): void {
  if (connection.isOver || connection.unanswered.length < PIPELINE_DEPTH) return;
  connection.isPaused = true;
  connection.socket.pause();
}

/** The connection is one of somebody who may call: it is kept when others have to go. */
export function proveConnection({ socket }: IncomingMessage): void {
  const connection = connectionOf(socket);
  if (connection) connection.isProven = true;
}

/**
 * Whether an answer, whose head is being written, is the last of its connection: it then has to say `Connection: close`.
 * So it is while the process stops, after many requests, and where the request's body wasn't read to its end.
 */
export function isLastAnswer(request: IncomingMessage): boolean {
  const connection = connectionOf(request.socket);
  const isUnread = !request.complete && announcesBody(request);
  if (!isUnread && !connection?.isEnding) return false;
  // Clients that pipeline get the answers to what they have sent already.
  if (!isUnread && connection && connection.unanswered.at(-1)?.req !== request) return false;
  if (connection) connection.isOver = true;
  // Node calls this after the last answer of a connection. It would close it at once, which resets it under a client
  // that is sending.
  request.socket.destroySoon = closeLingering.bind(null, request.socket);
  return true;
}
