import "server-only";
import { Prisma } from "@/generated/prisma/client";

const { sql, join } = Prisma;

const PREFIX = /^[a-z][a-z0-9_]*$/;
const LAST_FOUR = /^[0-9a-f]{4}$/;

/**
 * Which keys a search finds, as a condition on a row `k` of `api_keys`: by part of a name, the beginning of a prefix, the
 * last four characters, or both ends of a token as the table shows them.
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

/** Whether the index of parts of names helps a search: it is by three characters and says nothing of fewer. */
export function isIndexable(q: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(q);
}
