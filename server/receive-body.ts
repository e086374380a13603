import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

export const BODY_LIMIT_BYTES = 64 * 1024;

/** Of each body, whatever others send: nearly all are shorter. */
const ALWAYS_RECEIVED_BYTES = 4 * 1024;
const FIRST_BUFFER_BYTES = 256;
/** What bodies have beyond that, in the whole process, from their first byte until their requests are answered. */
const SHARED_BYTES = 16 * 1024 * 1024;

export type BodyFault = "too large" | "incomplete" | "no room";
export type Reception = { body: Buffer } | { fault: BodyFault };

/** Those that are longer and whose end hasn't arrived; the first is the one that has been for the longest. */
const arriving = new Set<ReceivedBody>();
let sharedBytes = 0;

const NOTHING = Buffer.alloc(0);

/**
 * A body on its way. It is copied into one buffer as it arrives, except where it comes in one piece: chunks can be of one
 * byte each, and kept as they are each of those would take hundreds.
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

  /** To be called when the request has been answered; ends the reception where that is still going on. */
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
 * Gathers the whole body and puts it where the next reader finds it, so that nothing behind us deals with a body that is
 * too long, too slow or cut off. Must be called in the same turn in which the request came, before its first byte is
 * delivered.
 *
 * Bodies that are sent slowly can't fill the memory, nor keep out those of others: when there is no more room for what
 * they have beyond their first 4 KB, the one that has been arriving for the longest is given up.
 */
export function receiveBody(request: IncomingMessage, response: ServerResponse): ReceivedBody {
  const body = new ReceivedBody(request);
  if (Number(request.headers["content-length"]) > BODY_LIMIT_BYTES) {
    body.fail("too large");
    return body;
  }
  // RFC 9110, section 10.1.1: HTTP/1.0 has no interim answers.
  if (request.headers.expect !== undefined && request.httpVersion !== "1.0") response.writeContinue();
  body.gather();
  return body;
}

/**
 * Nobody reads this request's body: what arrives of it is dropped, and whoever looks for it finds none. It doesn't end
 * before it has arrived: Node destroys the connection of a request that ends early.
 */
export function discardBody(request: IncomingMessage): void {
  request.push = (chunk: Buffer | null) => chunk !== null || deliver(request, null);
}

/** Past what stands in for the request's own way of taking what has arrived. */
const deliver = (request: IncomingMessage, chunk: Buffer | null) => Readable.prototype.push.call(request, chunk);

/** Whether a request says that it has a body. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return (length !== undefined && length !== "0") || headers["transfer-encoding"] !== undefined;
}
