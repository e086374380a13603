import { randomUUID } from "node:crypto";

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own id where it can do no harm in a log or a header, else a new one. */
export function requestId(presented: string | string[] | undefined): string {
  return typeof presented === "string" && HARMLESS.test(presented) ? presented : randomUUID();
}
