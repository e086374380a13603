import { randomFillSync } from "node:crypto";

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

const ID_BYTES = 16;
/** Random bytes for many IDs: requesting them one by one would dominate the cost of an ID. */
const pool = Buffer.alloc(256 * ID_BYTES);
let used = pool.length;

/** The client's own ID if it is safe in logs and headers, otherwise a new one. */
export function requestId(presented: string | string[] | undefined): string {
  return typeof presented === "string" && HARMLESS.test(presented) ? presented : newId();
}

function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString("hex", used - ID_BYTES, used);
}
