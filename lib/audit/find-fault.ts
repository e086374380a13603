import "server-only";
import { type ChainedEntry, hashAfter, readChain } from "@/lib/audit/chain";
import type { Connection } from "@/lib/database/postgres";

export type Fault = "changed" | "missing" | "inserted" | "out of order" | "tail cut";

/** The first damaged entry of a team's log; `id` and `at` are null if it is missing. */
export type BrokenEntry = { seq: bigint; id: string | null; at: Date | null; fault: Fault; reason: string };

/** `entry` is found where the entry with number `seq` should follow `previous`. */
type Break = { entry: ChainedEntry; seq: bigint; previous: ChainedEntry | null };

/**
 * Determines what happened at a chain's first break. The hash identifies the entry that belongs there: if it is found
 * later, the log was reordered or an entry was inserted.
 */
export async function findFault(client: Connection, teamId: string, { entry, seq, previous }: Break) {
  const place = { seq: entry.seq, id: entry.id, at: entry.at };
  const broken = (fault: BrokenEntry["fault"], reason: string): BrokenEntry => ({ ...place, fault, reason });
  if (entry.seq < seq) return broken("inserted", "another entry already has its number");
  if (entry.seq > seq) {
    const reason = `the entry with this number is gone; the next that is there is ${entry.seq} (${entry.id})`;
    return { seq, id: null, at: null, fault: "missing", reason } satisfies BrokenEntry;
  }
  const rightful = await findRightful(client, teamId, { entry, seq, previous });
  if (!rightful) return broken("changed", "its hash doesn't match its content and the previous entry");
  if (await fitsInPlaceOf(client, teamId, entry, rightful)) {
    return broken("out of order", `entry ${rightful.entry.id}, now number ${rightful.entry.seq}, was here`);
  }
  return broken("inserted", `entry ${rightful.entry.id}, now number ${rightful.entry.seq}, was here`);
}

type Found = { entry: ChainedEntry; hashBefore: Buffer };

/** The later entry whose hash matches the break, with the hash that precedes it now. */
async function findRightful(client: Connection, teamId: string, { entry, seq, previous }: Break) {
  const hashAtBreak = previous?.hash ?? Buffer.alloc(0);
  let hashBefore = entry.hash;
  for await (const other of readChain(client, teamId, entry, seq)) {
    if (hashAfter(hashAtBreak, other).equals(other.hash)) return { entry: other, hashBefore } satisfies Found;
    hashBefore = other.hash;
  }
  return null;
}

/** Whether two entries were swapped: the one at the break fits at the other's position. */
async function fitsInPlaceOf(client: Connection, teamId: string, entry: ChainedEntry, rightful: Found) {
  const isNext = rightful.hashBefore.equals(entry.hash);
  const hashBefore = isNext ? rightful.entry.hash : rightful.hashBefore;
  const before = { seq: entry.seq - 1n, id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
  for await (const moved of readChain(client, teamId, before, rightful.entry.seq)) {
    if (moved.id === entry.id) return hashAfter(hashBefore, moved).equals(entry.hash);
  }
  return false;
}
