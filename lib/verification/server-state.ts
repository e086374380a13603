/**
 * SQL for the server's state as one text, which {@link readServerState} parses. A standby has no timeline of its own, and
 * `transaction_read_only` is also on in a transaction that began before a standby was promoted. `$2` is this process's id
 * in `heartbeats`. The timeline is the start of the current WAL file's name, which is correct as soon as a server is
 * promoted (`pg_control_checkpoint()` only after the next checkpoint, and it reads a file).
 */
export const SERVER_STATE = `concat_ws(' ',
  floor(date_part('epoch', now()) * 1000),
  case when pg_is_in_recovery() then 'standby' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
  current_setting('transaction_read_only'),
  (select concat_ws(' ', sent_ms, floor(date_part('epoch', now() - written_at) * 1000)) from heartbeats where id = $2::uuid))`;

export type ServerState = {
  /** The server's clock, as epoch milliseconds. */
  nowMs: number;
  /** Null on a standby. */
  timeline: number | null;
  isReadOnly: boolean;
  /** This process's latest committed heartbeat: send time by our monotonic clock, and age by the server's clock. */
  heartbeat: { sentMs: number; ageMs: number } | null;
};

export function readServerState(text: string): ServerState {
  const [now, timeline = "", readOnly, sent, age] = text.split(" ");
  return {
    nowMs: Number(now),
    timeline: timeline === "standby" ? null : Number.parseInt(timeline, 16),
    isReadOnly: readOnly !== "off",
    heartbeat: sent === undefined ? null : { sentMs: Number(sent), ageMs: Number(age) },
  };
}
