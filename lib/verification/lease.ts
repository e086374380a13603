import "server-only";
import { randomUUID } from "node:crypto";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { env } from "@/lib/env";
import { processWide } from "@/lib/process-wide";
import { heartbeatPool } from "@/lib/verification/connections";
import type { ServerState } from "@/lib/verification/server-state";

/**
 * A heartbeat that waits for a standby which is gone keeps its lock. Those after it must not wait beside it, each on a
 * connection that PostgreSQL never gets back: they write nothing and return no row.
 */
const WRITE_HEARTBEAT = preparedStatement(
  "heartbeat",
  `insert into heartbeats as h (id, sent_ms, written_at)
   select $1::uuid, $2::bigint, now() where pg_try_advisory_xact_lock(hashtextextended($1::text, 0))
   on conflict (id) do update set sent_ms = excluded.sent_ms, written_at = excluded.written_at
   returning id`,
);

/** Renewed when so much of it is over, so that hardly any request has to wait for it. */
const RENEWAL_PART = 0.2;

/**
 * The proof that a server is still the primary: it has just committed a small write of this process, and the look-up that
 * is to be believed sees it. A server that was cut off, fenced or made read-only can't go on committing. Renewed on demand:
 * an idle process writes nothing, and its next request waits for one heartbeat.
 */
class Lease {
  readonly id = randomUUID();
  /** When the latest heartbeat that is known to be committed was sent. */
  private committedMs = Number.NEGATIVE_INFINITY;
  private renewal: Promise<void> | undefined;

  /** Not read before it is asked for: importing a module must not fix the environment. */
  get ms(): number {
    return env().LEASE_SECONDS * 1_000;
  }

  get isOn(): boolean {
    return this.ms > 0;
  }

  /** Renews a lease that is getting old, without waiting for it. */
  keepUp(): void {
    if (this.isOn && performance.now() - this.committedMs > this.ms * RENEWAL_PART) this.renew().catch(() => {});
  }

  /** Rejects when no heartbeat can be committed. */
  renew(): Promise<void> {
    this.renewal ??= this.beat().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  /**
   * Whether the server whose state this is holds the lease. By two clocks, because each may have stood still: ours in a
   * virtual machine that was frozen, the server's when its machine was. A heartbeat counts from when it was sent.
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
