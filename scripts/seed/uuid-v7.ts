import { randomBytes } from "node:crypto";

/** A version 7 UUID (RFC 9562, 5.7) for the time `at`, so that rows of one time are adjacent in an index. */
export function uuidV7(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  const bytes = randomBytes(10);
  bytes[0] = 0x70 | ((bytes[0] ?? 0) & 0x0f);
  bytes[2] = 0x80 | ((bytes[2] ?? 0) & 0x3f);
  const hex = time + bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
