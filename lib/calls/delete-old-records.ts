import "server-only";
import { TRY_UPKEEP_LOCK } from "@/lib/calls/upkeep-lock";
import { usagePool } from "@/lib/verification/connections";

const REFUSAL_RETENTION = "30 days";
const REFUSALS_A_KEY = 1_000;
const ADDRESSES_A_KEY = 100;
const USE_RETENTION = "400 days";
/** What is as old has become days by then. */
const HOUR_RETENTION = "400 days";

/** A statement deletes so many rows at most: flushes, which use the same connection, come in between. */
const ROWS_A_STATEMENT = 20_000;
/** What is left after so many statements waits for the next hour. */
const MAX_STATEMENTS = 100;

/** `select` tells the rows' `place`s. Rows that somebody is writing are left to the next time. */
const deleteFrom = (table: string, select: string) => `
  with turn as materialized (${TRY_UPKEEP_LOCK}),
  chosen as materialized (${select}),
  locked as materialized (
    select t.ctid as place from ${table} t join chosen on chosen.place = t.ctid for update of t skip locked
  )
  delete from ${table} t using locked, turn where turn.is_ours and t.ctid = locked.place`;

const longUnseen = (table: string, column: string, kept: string) =>
  deleteFrom(
    table,
    `select ctid as place from ${table} where ${column} < now() - interval '${kept}' order by ${column} limit ${ROWS_A_STATEMENT}`,
  );

/** Only keys with too many rows are looked at row by row. */
const beyondTheLatest = (table: string, column: string, rowsAKey: number) =>
  deleteFrom(
    table,
    `select r.place
     from (select key_id from ${table} group by key_id having count(*) > ${rowsAKey}) crowded
     cross join lateral (
       select ctid as place from ${table} where key_id = crowded.key_id order by ${column} desc offset ${rowsAKey}
     ) r
     limit ${ROWS_A_STATEMENT}`,
  );

/** A process that comes back to its row after so long writes it again before it answers. */
const HEARTBEAT_RETENTION = "1 day";

const DELETIONS = [
  longUnseen("api_key_hours", "hour", HOUR_RETENTION),
  longUnseen("heartbeats", "written_at", HEARTBEAT_RETENTION),
  longUnseen("api_key_refusals", "at", REFUSAL_RETENTION),
  beyondTheLatest("api_key_refusals", "at", REFUSALS_A_KEY),
  longUnseen("api_key_addresses", "last_at", USE_RETENTION),
  beyondTheLatest("api_key_addresses", "last_at", ADDRESSES_A_KEY),
  longUnseen("api_key_scope_uses", "last_at", USE_RETENTION),
];

/** Drops what is kept of calls and is too old, or not among the latest any more: a key has a bounded number of rows. */
export async function deleteOldRecords(): Promise<void> {
  for (const deletion of DELETIONS) {
    for (let statement = 0; statement < MAX_STATEMENTS; statement++) {
      const { rowCount } = await usagePool.query(deletion);
      if ((rowCount ?? 0) < ROWS_A_STATEMENT) break;
    }
  }
}
