import "server-only";
import type { Prisma } from "@/generated/prisma/client";

/** Keys that a search means: part of a name, the beginning of a prefix, or a prefix as the table shows it. */
export function whereNameOrPrefix(q: string): Prisma.ApiKeyWhereInput {
  const literal = q.replace(/[\\%_]/g, "\\$&");
  // As the table shows it, "lk_pat_a1b2…9f3c", or any part of the start.
  const [start, lastFour] = q.split("…");
  const byShownPrefix = lastFour
    ? { tokenStart: start, tokenLastFour: lastFour }
    : { tokenStart: { startsWith: literal } };
  return { OR: [{ name: { contains: literal, mode: "insensitive" } }, byShownPrefix, { tokenLastFour: q }] };
}
