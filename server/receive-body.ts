import type { IncomingMessage } from "node:http";

export const BODY_LIMIT_BYTES = 64 * 1024;

export type Reception = { body: Buffer } | { fault: "too large" | "incomplete" };

/**
 * Waits until the whole body has arrived and puts it where the next reader finds it, so that
 * nothing behind us deals with a body that is too long, too slow or cut off. Must be called in the
 * same turn in which the request came, before its first byte is delivered.
 */
export function receiveBody(request: IncomingMessage): Promise<Reception> {
  if (Number(request.headers["content-length"]) > BODY_LIMIT_BYTES) return Promise.resolve({ fault: "too large" });
  return new Promise((resolve) => {
    const deliver = request.push.bind(request);
    const chunks: Buffer[] = [];
    let size = 0;
    request.once("close", () => resolve({ fault: "incomplete" }));
    request.push = (chunk: Buffer | null) => {
      if (chunk === null) {
        const body = Buffer.concat(chunks);
        resolve({ body });
        if (size > 0) deliver(body);
        return deliver(null);
      }
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) resolve({ fault: "too large" });
      else chunks.push(chunk);
      return true;
    };
  });
}
