import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

export const BODY_LIMIT_BYTES = 64 * 1024;

/** Of each body, whatever others send: nearly all are shorter. */
const ALWAYS_RECEIVED_BYTES = 4 * 1024;
/** What bodies have beyond that, in the whole process, from their first byte until their requests are answered. */
const SHARED_BYTES = 16 * 1024 * 1024;

export type BodyFault = "too large" | "incomplete" | "no room";
export type Reception = { body: Buffer } | { fault: BodyFault };

interface Incoming {
  /** Bytes that count among the shared ones. */
  shared: number;
  give(reception: Reception): void;
}

/** Those whose end hasn't arrived, the oldest first. */
const arriving = new Set<Incoming>();
let sharedBytes = 0;

/** A body on its way, and how to let go of its memory. */
export interface ReceivedBody {
  reception: Promise<Reception>;
  /** To be called when the request has been answered; ends the reception where that is still going on. */
  release(): void;
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
  const body: Incoming = { shared: 0, give: () => {} };
  const release = () => {
    if (arriving.has(body)) return body.give({ fault: "incomplete" });
    sharedBytes -= body.shared;
    body.shared = 0;
  };
  if (Number(request.headers["content-length"]) > BODY_LIMIT_BYTES) {
    discardBody(request);
    return { reception: Promise.resolve({ fault: "too large" }), release };
  }
  if (request.headers.expect !== undefined) response.writeContinue();
  const reception = new Promise<Reception>((resolve) => {
    body.give = (outcome) => {
      body.give = () => {};
      arriving.delete(body);
      resolve(outcome);
      if (!("fault" in outcome)) return;
      release();
      discardBody(request);
    };
    gather(request, body);
  });
  return { reception, release };
}

function gather(request: IncomingMessage, body: Incoming): void {
  const chunks: Buffer[] = [];
  let size = 0;
  arriving.add(body);
  request.once("close", () => body.give({ fault: "incomplete" }));
  request.push = (chunk: Buffer | null) => {
    if (chunk === null) {
      const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      body.give({ body: whole });
      if (size > 0) deliver(request, whole);
      return deliver(request, null);
    }
    size += chunk.length;
    chunks.push(chunk);
    if (size > BODY_LIMIT_BYTES) body.give({ fault: "too large" });
    else if (size > ALWAYS_RECEIVED_BYTES) makeRoom(body, size - ALWAYS_RECEIVED_BYTES);
    return true;
  };
}

function makeRoom(body: Incoming, shared: number): void {
  sharedBytes += shared - body.shared;
  body.shared = shared;
  for (const oldest of arriving) {
    if (sharedBytes <= SHARED_BYTES) return;
    oldest.give({ fault: "no room" });
  }
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
