import "server-only";
import { Prisma } from "@/generated/prisma/client";

const { sql, join } = Prisma;

const PREFIX = /^[a-z][a-z0-9_]*$/;
const LAST_FOUR = /^[0-9a-f]{4}$/;

/**
 * A search as a condition on a row `k` of `api_keys`: part of the name, the beginning of the prefix, the last four
 * characters, or both ends of the token as shown in the table.
 */
export function sqlSearch(q: string): Prisma.Sql {
  const literal = q.replace(/[\\%_]/g, "\\$&");
  const ways = [sql`k.name ilike ${`%${literal}%`}`];
  const [start, lastFour] = q.split("…");
  if (start && lastFour) ways.push(sql`(k.token_start = ${start} and k.token_last_four = ${lastFour})`);
  if (PREFIX.test(q)) ways.push(sql`k.token_start like ${`${literal}%`}`);
  if (LAST_FOUR.test(q)) ways.push(sql`k.token_last_four = ${q}`);
  return sql`(${join(ways, " or ")})`;
}

/** Whether the trigram index on names can serve a search: it needs at least three characters. */
export function isIndexable(q: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(q);
}
