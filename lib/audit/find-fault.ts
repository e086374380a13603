import "server-only";
import { type ChainedEntry, hashBehind, readChain } from "@/lib/audit/chain";
import type { Connection } from "@/lib/database/postgres";

export type Fault = "changed" | "missing" | "inserted" | "out of order" | "tail cut";

/** The first entry of a team's log that isn't as it was written; `id` and `at` are null where it is gone. */
export type BrokenEntry = { seq: bigint; id: string | null; at: Date | null; fault: Fault; reason: string };

/** `entry` stands where the entry with number `seq` should follow `previous`. */
type Break = { entry: ChainedEntry; seq: bigint; previous: ChainedEntry | null };

/**
 * What happened at the first place where a chain breaks. Which entry belongs there shows by its hash: if it is found
 * further on, the log was reordered or something was put in between.
 */
export async function findFault(client: Connection, teamId: string, { entry, seq, previous }: Break) {
  const place = { seq: entry.seq, id: entry.id, at: entry.at };
  const broken = (fault: BrokenEntry["fault"], reason: string): BrokenEntry => ({ ...place, fault, reason });
  if (entry.seq < seq) return broken("inserted", "its number is another entry's already");
  if (entry.seq > seq) {
    const reason = `the entry with this number is gone; the next that is there is ${entry.seq} (${entry.id})`;
    return { seq, id: null, at: null, fault: "missing", reason } satisfies BrokenEntry;
  }
  const rightful = await findRightful(client, teamId, { entry, seq, previous });
  if (!rightful) return broken("changed", "its hash doesn't fit what it says and the entry before it");
  if (await fitsInPlaceOf(client, teamId, entry, rightful)) {
    return broken("out of order", `entry ${rightful.entry.id}, now number ${rightful.entry.seq}, was here`);
  }
  return broken("inserted", `entry ${rightful.entry.id}, now number ${rightful.entry.seq}, was here`);
}

type Found = { entry: ChainedEntry; hashBefore: Buffer };

/** The entry further on whose hash says that it stood at the break; with the hash that stands before it now. */
async function findRightful(client: Connection, teamId: string, { entry, seq, previous }: Break) {
  const hashAtBreak = previous?.hash ?? Buffer.alloc(0);
  let hashBefore = entry.hash;
  for await (const other of readChain(client, teamId, entry, seq)) {
    if (hashBehind(hashAtBreak, other).equals(other.hash)) return { entry: other, hashBefore } satisfies Found;
    hashBefore = other.hash;
  }
  return null;
}

/** Whether two entries changed places: the one at the break fits where the rightful one stands now. */
async function fitsInPlaceOf(client: Connection, teamId: string, entry: ChainedEntry, rightful: Found) {
  const isNext = rightful.hashBefore.equals(entry.hash);
  const hashBefore = isNext ? rightful.entry.hash : rightful.hashBefore;
  const before = { seq: entry.seq - 1n, id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
  for await (const moved of readChain(client, teamId, before, rightful.entry.seq)) {
    if (moved.id === entry.id) return hashBehind(hashBefore, moved).equals(entry.hash);
  }
  return false;
}
