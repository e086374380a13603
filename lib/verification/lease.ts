import "server-only";
import { randomUUID } from "node:crypto";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { env } from "@/lib/env";
import { processWide } from "@/lib/process-wide";
import { heartbeatPool } from "@/lib/verification/connections";
import type { ServerState } from "@/lib/verification/server-state";

/**
 * A heartbeat that waits for a lost synchronous standby holds its lock. Later ones must not queue behind it, each blocking
 * a server connection for good: they write nothing and return no row.
 */
const WRITE_HEARTBEAT = preparedStatement(
  "heartbeat",
  `insert into heartbeats as h (id, sent_ms, written_at)
   select $1::uuid, $2::bigint, now() where pg_try_advisory_xact_lock(hashtextextended($1::text, 0))
   on conflict (id) do update set sent_ms = excluded.sent_ms, written_at = excluded.written_at
   returning id`,
);

/** Fraction of the lease after which it is renewed: early enough that hardly any request waits for the renewal. */
const RENEWAL_FRACTION = 0.2;

/**
 * Proves that a server is still the primary: it has recently committed a heartbeat of this process, and the lookup in
 * question sees it. A server that was cut off, fenced or made read-only can't commit. Renewed on demand: an idle process
 * writes nothing, and its next request waits for one heartbeat.
 */
class Lease {
  readonly id = randomUUID();
  /** Send time of the latest heartbeat known to be committed, by the monotonic clock. */
  private committedMs = Number.NEGATIVE_INFINITY;
  private renewal: Promise<void> | undefined;

  /** Read on each use: importing a module must not fix the environment. */
  get ms(): number {
    return env().LEASE_SECONDS * 1_000;
  }

  get isOn(): boolean {
    return this.ms > 0;
  }

  /** Starts a renewal when the lease is due for one; does not wait for it. */
  keepUp(): void {
    if (this.isOn && performance.now() - this.committedMs > this.ms * RENEWAL_FRACTION) this.renew().catch(() => {});
  }

  /** Rejects when no heartbeat can be committed. */
  renew(): Promise<void> {
    this.renewal ??= this.beat().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  /**
   * Whether the server with this state holds the lease. Checked by both clocks, because either machine may have been
   * suspended and its clock stopped. The lease starts when its heartbeat is sent.
   */
  isHeldBy({ heartbeat }: ServerState): boolean {
    if (!heartbeat) return false;
    const ageMs = performance.now() - Math.min(heartbeat.sentMs, this.committedMs);
    return ageMs < this.ms && heartbeat.ageMs < this.ms;
  }

  private async beat(): Promise<void> {
    const sentMs = Math.floor(performance.now());
    const rows = await runPrepared(heartbeatPool, WRITE_HEARTBEAT, [this.id, sentMs]);
    if (rows.length === 0) throw new Error("an earlier heartbeat has not been committed yet");
    this.committedMs = sentMs;
  }
}

export const lease = processWide("lease", () => new Lease());
