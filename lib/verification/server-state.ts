/**
 * What a server says of itself in one text, whose parts {@link readServerState} takes apart: a standby has no timeline of
 * its own, and `transaction_read_only` is also on where the transaction began before a standby was promoted. `$2` is the
 * asking process in `heartbeats`. The timeline is the first part of the name of the WAL file that is being written:
 * right from the moment of a promotion on (`pg_control_checkpoint()` only after the next checkpoint, and it reads a file).
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
  /** The latest heartbeat of this process that the server has committed: when it was sent by our monotonic clock, and how long ago by the server's. */
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
