import "server-only";
import { TRY_UPKEEP_LOCK } from "@/lib/calls/upkeep-lock";
import { usagePool } from "@/lib/verification/connections";

const REFUSAL_RETENTION = "30 days";
const REFUSALS_A_KEY = 1_000;
const ADDRESSES_A_KEY = 100;
const USE_RETENTION = "400 days";
/** These rows have been aggregated into days by then. */
const HOUR_RETENTION = "400 days";

/** Limits a statement's duration, because flushes wait for the same connection. */
const ROWS_A_STATEMENT = 20_000;
/** The next hourly run deletes the rest. */
const MAX_STATEMENTS = 100;

/** `select` returns the `place` of each row. Rows locked by a concurrent write are skipped until the next run. */
const deleteFrom = (table: string, select: string) => `
  with turn as materialized (${TRY_UPKEEP_LOCK}),
  chosen as materialized (${select}),
  locked as materialized (
    select t.ctid as place from ${table} t join chosen on chosen.place = t.ctid for update of t skip locked
  )
  delete from ${table} t using locked, turn where turn.is_ours and t.ctid = locked.place`;

const olderThan = (table: string, column: string, retention: string) =>
  deleteFrom(
    table,
    `select ctid as place from ${table} where ${column} < now() - interval '${retention}' order by ${column} limit ${ROWS_A_STATEMENT}`,
  );

/** Only keys over the limit are read row by row. */
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

/** A process whose row was deleted writes it again before it accepts an answer. */
const HEARTBEAT_RETENTION = "1 day";

const DELETIONS = [
  olderThan("api_key_hours", "hour", HOUR_RETENTION),
  olderThan("heartbeats", "written_at", HEARTBEAT_RETENTION),
  olderThan("api_key_refusals", "at", REFUSAL_RETENTION),
  beyondTheLatest("api_key_refusals", "at", REFUSALS_A_KEY),
  olderThan("api_key_addresses", "last_at", USE_RETENTION),
  beyondTheLatest("api_key_addresses", "last_at", ADDRESSES_A_KEY),
  olderThan("api_key_scope_uses", "last_at", USE_RETENTION),
];

/** Enforces retention: deletes records of calls that are too old, or beyond the number kept per key. */
export async function deleteOldRecords(): Promise<void> {
  for (const deletion of DELETIONS) {
    for (let statement = 0; statement < MAX_STATEMENTS; statement++) {
      const { rowCount } = await usagePool.query(deletion);
      if ((rowCount ?? 0) < ROWS_A_STATEMENT) break;
    }
  }
}
