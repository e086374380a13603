import { randomUUID } from "node:crypto";

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** The client's own ID if it is safe in logs and headers, otherwise a new one. */
export function requestId(presented: string | string[] | undefined): string {
  return typeof presented === "string" && HARMLESS.test(presented) ? presented : randomUUID();
}
