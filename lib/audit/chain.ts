import "server-only";
import { createHash } from "node:crypto";
import type { Connection } from "@/lib/database/postgres";

const BATCH_SIZE = 1_000;

/** An entry of the hash chain: `text` is hashed together with the previous entry's hash. */
export type ChainedEntry = { seq: bigint; id: string; at: Date; hash: Buffer; text: string };

type Row = Omit<ChainedEntry, "seq"> & { seq: string };
type Cursor = Pick<ChainedEntry, "seq" | "id">;

const BEFORE_ALL: Cursor = { seq: -(2n ** 63n), id: "00000000-0000-0000-0000-000000000000" };

// Builds the same text as the database's function, independently: anyone who can change entries can also replace that
// function. All names are schema-qualified, so that functions of the same name elsewhere aren't used.
const READ = `
  select e.seq::text, e.id, e.at, e.hash,
    pg_catalog.jsonb_build_array(coalesce($4::bigint, e.seq), e.id, e.team_id,
      pg_catalog.round(extract(epoch from e.at) operator(pg_catalog.*) 1000), e.action, e.actor_id, e.actor_name,
      e.target_type, e.target_id, e.target_label, e.ip, e.user_agent, e.details)::text as text
  from audit_entries e
  where e.team_id = $1 and (e.seq, e.id) > ($2::bigint, $3::uuid)
  order by e.seq, e.id
  limit ${BATCH_SIZE}`;

/** A team's entries after a position, in order and in batches. With `asSeq`, each is read as if it had that number. */
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

/** The hash that an entry must have after an entry with the hash `previous`. */
export function hashAfter(previous: Buffer, { text }: Pick<ChainedEntry, "text">): Buffer {
  return createHash("sha256").update(previous).update(text, "utf8").digest();
}
