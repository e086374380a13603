import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

export const BODY_LIMIT_BYTES = 64 * 1024;

/** Per body, without counting towards the shared limit; nearly all bodies are shorter. */
const ALWAYS_RECEIVED_BYTES = 4 * 1024;
const FIRST_BUFFER_BYTES = 256;
/** For the rest of all bodies in the process, from their first byte until their requests are answered. */
const SHARED_BYTES = 16 * 1024 * 1024;

export type BodyFault = "too large" | "incomplete" | "no room";
export type Reception = { body: Buffer } | { fault: BodyFault };

/** Longer bodies that are incomplete, oldest first. */
const arriving = new Set<ReceivedBody>();
let sharedBytes = 0;

const NOTHING = Buffer.alloc(0);

/**
 * A body in reception. Chunks are copied into one buffer, unless the body is a single chunk: a chunk can be one byte,
 * and storing each would take hundreds.
 */
export class ReceivedBody {
  readonly reception: Promise<Reception>;
  private resolve: (reception: Reception) => void = () => {};
  private buffer: Buffer = NOTHING;
  private size = 0;
  private shared = 0;
  private isOver = false;

  constructor(private readonly request: IncomingMessage) {
    this.reception = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  gather(): void {
    this.request.push = (chunk: Buffer | null) => (chunk === null ? this.end() : this.add(chunk));
    this.request.once("close", () => this.fail("incomplete"));
  }

  fail(fault: BodyFault): void {
    if (this.isOver) return;
    this.isOver = true;
    this.buffer = NOTHING;
    this.release();
    discardBody(this.request);
    this.resolve({ fault });
  }

  /** Call when the response is finished; aborts an incomplete reception. */
  release(): void {
    if (!this.isOver) this.fail("incomplete");
    if (this.shared === 0) return;
    arriving.delete(this);
    sharedBytes -= this.shared;
    this.shared = 0;
  }

  private add(chunk: Buffer): true {
    const size = this.size + chunk.length;
    if (size > BODY_LIMIT_BYTES) {
      this.fail("too large");
      return true;
    }
    if (this.size === 0) this.buffer = chunk;
    else this.append(chunk, size);
    this.size = size;
    if (this.buffer.length > ALWAYS_RECEIVED_BYTES) this.makeRoom();
    return true;
  }

  private append(chunk: Buffer, size: number): void {
    if (size > this.buffer.length) {
      let length = FIRST_BUFFER_BYTES;
      while (length < size) length *= 2;
      const larger = Buffer.allocUnsafeSlow(length);
      this.buffer.copy(larger, 0, 0, this.size);
      this.buffer = larger;
    }
    chunk.copy(this.buffer, this.size);
  }

  private makeRoom(): void {
    arriving.add(this);
    const shared = this.buffer.length - ALWAYS_RECEIVED_BYTES;
    if (shared === this.shared) return;
    sharedBytes += shared - this.shared;
    this.shared = shared;
    for (const oldest of arriving) {
      if (sharedBytes <= SHARED_BYTES) return;
      oldest.fail("no room");
    }
  }

  private end(): boolean {
    const body = this.buffer.subarray(0, this.size);
    this.isOver = true;
    if (this.shared > 0) arriving.delete(this);
    this.resolve({ body });
    if (this.size > 0) deliver(this.request, body);
    return deliver(this.request, null);
  }
}

/**
 * Buffers the whole body and replays it to the next reader, so that later code never handles a body that is too long,
 * too slow or incomplete. Call it in the same turn in which the request arrives, before its first byte is delivered.
 *
 * Slow bodies can't fill the memory or block those of others: if the shared memory beyond each body's first 4 KB is
 * used up, the oldest incomplete body is aborted.
 */
export function receiveBody(request: IncomingMessage, response: ServerResponse): ReceivedBody {
  const body = new ReceivedBody(request);
  if (Number(request.headers["content-length"]) > BODY_LIMIT_BYTES) {
    body.fail("too large");
    return body;
  }
  // RFC 9110, section 10.1.1: HTTP/1.0 has no interim responses.
  if (request.headers.expect !== undefined && request.httpVersion !== "1.0") response.writeContinue();
  body.gather();
  return body;
}

/**
 * Discards the body as it arrives; readers find it empty. The request ends only once the body has arrived, because Node
 * destroys the connection of a request that ends early.
 */
export function discardBody(request: IncomingMessage): void {
  request.push = (chunk: Buffer | null) => chunk !== null || deliver(request, null);
}

/** Bypasses the request's replaced `push`. */
const deliver = (request: IncomingMessage, chunk: Buffer | null) => Readable.prototype.push.call(request, chunk);

/** Whether a request's headers announce a body. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return (length !== undefined && length !== "0") || headers["transfer-encoding"] !== undefined;
}
