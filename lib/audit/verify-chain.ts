import "server-only";
import { type ChainedEntry, hashAfter, readChain } from "@/lib/audit/chain";
import { type BrokenEntry, findFault } from "@/lib/audit/find-fault";
import type { Connection } from "@/lib/database/postgres";

/** An entry's position and hash saved elsewhere, which the log must still contain. */
export type SavedHead = { seq: bigint; hash: string };

export type ChainReport = {
  entries: number;
  /** The latest entry; null for an empty log. */
  head: { seq: bigint; hash: string } | null;
  broken: BrokenEntry | null;
};

/**
 * Reads a team's log from the first entry and returns the first damaged one, in one snapshot and constant memory.
 * `saved` are heads printed by an earlier run; only they reveal that a log was truncated or rewritten entirely.
 */
export async function verifyChain(
  client: Connection,
  teamId: string,
  saved: readonly SavedHead[] = [],
): Promise<ChainReport> {
  await client.query("begin isolation level repeatable read, read only");
  try {
    return await walk(client, teamId, saved);
  } finally {
    await client.query("rollback");
  }
}

async function walk(client: Connection, teamId: string, saved: readonly SavedHead[]): Promise<ChainReport> {
  const expected = new Map(saved.map(({ seq, hash }) => [seq, hash]));
  let entries = 0;
  let last: ChainedEntry | null = null;
  const report = (broken: BrokenEntry | null): ChainReport => ({
    entries,
    head: last && { seq: last.seq, hash: last.hash.toString("hex") },
    broken,
  });
  for await (const entry of readChain(client, teamId)) {
    const previous: ChainedEntry | null = last;
    const seq: bigint = (previous?.seq ?? 0n) + 1n;
    const isRight = entry.seq === seq && hashAfter(previous?.hash ?? Buffer.alloc(0), entry).equals(entry.hash);
    if (!isRight) return report(await findFault(client, teamId, { entry, seq, previous }));
    const savedHash = expected.get(seq);
    if (savedHash && savedHash !== entry.hash.toString("hex")) return report(rewrittenAt(entry));
    entries += 1;
    last = entry;
  }
  return report(await faultAtEnd(client, teamId, last, saved));
}

/** The entries match each other but not the saved head: the log was rewritten up to here. */
function rewrittenAt({ seq, id, at }: ChainedEntry): BrokenEntry {
  return {
    seq,
    id,
    at,
    fault: "changed",
    reason: "its hash isn't the expected one, so this entry or an earlier one was changed",
  };
}

async function faultAtEnd(
  client: Connection,
  teamId: string,
  last: ChainedEntry | null,
  saved: readonly SavedHead[],
): Promise<BrokenEntry | null> {
  const { rows } = await client.query<{ seq: string; hash: Buffer }>(
    "select seq::text, hash from audit_heads where team_id = $1",
    [teamId],
  );
  const end = last?.seq ?? 0n;
  const [head] = rows;
  const furthest = [BigInt(head?.seq ?? 0), ...saved.map(({ seq }) => seq)].reduce((a, b) => (a > b ? a : b));
  if (furthest > end) return cutOff(end + 1n, `the log went on to entry ${furthest}, and ends before this one`);
  // A team's first entry is its own creation.
  if (!last) return cutOff(1n, "every log begins with the team's creation, and this one is empty");
  if (!head) return { ...placeOf(last), fault: "changed", reason: "the record of the team's latest entry is gone" };
  if (BigInt(head.seq) < end) {
    return {
      ...placeOf(last),
      fault: "inserted",
      reason: `it bypassed the database's triggers: the log ends at ${head.seq}`,
    };
  }
  if (head.hash.equals(last.hash)) return null;
  return { ...placeOf(last), fault: "changed", reason: "its hash doesn't match the record of the team's latest entry" };
}

const placeOf = ({ seq, id, at }: ChainedEntry) => ({ seq, id, at });

function cutOff(seq: bigint, reason: string): BrokenEntry {
  return { seq, id: null, at: null, fault: "tail cut", reason };
}
