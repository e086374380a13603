import "server-only";
import { createHash } from "node:crypto";
import type { Connection } from "@/lib/database/postgres";

/** So many entries are in memory at once. */
const BATCH_SIZE = 1_000;

/** An entry as the chain sees it: `text` is what is hashed together with the hash of the entry before. */
export type ChainedEntry = { seq: bigint; id: string; at: Date; hash: Buffer; text: string };

type Row = Omit<ChainedEntry, "seq"> & { seq: string };
type Cursor = Pick<ChainedEntry, "seq" | "id">;

const BEFORE_ALL: Cursor = { seq: -(2n ** 63n), id: "00000000-0000-0000-0000-000000000000" };

// The same text as the database's own function makes, written out again: whoever can change entries can change that
// function too. Every name says its schema, so that a function of the same name elsewhere isn't taken for it.
const READ = `
  select e.seq::text, e.id, e.at, e.hash,
    pg_catalog.jsonb_build_array(coalesce($4::bigint, e.seq), e.id, e.team_id,
      pg_catalog.round(extract(epoch from e.at) operator(pg_catalog.*) 1000), e.action, e.actor_id, e.actor_name,
      e.target_type, e.target_id, e.target_label, e.ip, e.user_agent, e.details)::text as text
  from audit_entries e
  where e.team_id = $1 and (e.seq, e.id) > ($2::bigint, $3::uuid)
  order by e.seq, e.id
  limit ${BATCH_SIZE}`;

/** A team's entries behind a place, in order, a piece at a time; with `asSeq`, as if each had that number. */
export async function* readChain(
  client: Connection,
  teamId: string,
  after: Cursor = BEFORE_ALL,
  asSeq: bigint | null = null,
): AsyncGenerator<ChainedEntry> {
  for (let cursor = after; ; ) {
    const { rows } = await client.query<Row>(READ, [teamId, cursor.seq.toString(), cursor.id, asSeq?.toString()]);
    for (const row of rows) {
      const entry = { ...row, seq: BigInt(row.seq) };
      yield entry;
      cursor = entry;
    }
    if (rows.length < BATCH_SIZE) return;
  }
}

/** What an entry's hash must be, behind an entry with the hash `previous`. */
export function hashBehind(previous: Buffer, { text }: Pick<ChainedEntry, "text">): Buffer {
  return createHash("sha256").update(previous).update(text, "utf8").digest();
}
