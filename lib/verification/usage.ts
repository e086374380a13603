import "server-only";
import type { RequestContext } from "@/lib/auth/request-context";
import { pool } from "@/lib/db";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";

type Use = RequestContext & { at: Date };

const FLUSH_INTERVAL_MS = 1_000;
/** More keys than this used within a second: the later ones wait for their next use to be noted. */
const MAX_PENDING_KEYS = 100_000;

// Only forwards: two consoles may flush in either order. Rows are locked in one order, so that
// they can't wait for each other in a circle.
const FLUSH = {
  name: "usage-flush",
  text: `
    with used as (
      select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) as u (id, at, ip, user_agent)
    ), locked as (
      select k.id from api_keys k join used using (id)
      where k.last_used_at is null or k.last_used_at < used.at
      order by k.id for no key update of k
    )
    update api_keys k
    set last_used_at = used.at, last_used_ip = used.ip, last_used_user_agent = used.user_agent
    from used join locked using (id)
    where k.id = used.id`,
};

/**
 * Remembers the latest use of each key and writes it about once a second, so that no request waits
 * for it. At most that second is lost when the process is killed.
 */
class UsageRecorder {
  private pending = new Map<string, Use>();
  private timer: NodeJS.Timeout | undefined;

  /** Notes one accepted request; never throws and never waits. */
  note(keyId: string, use: Use): void {
    if (!this.pending.has(keyId) && this.pending.size >= MAX_PENDING_KEYS) return;
    this.pending.set(keyId, use);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS);
  }

  /** Writes what is pending. What can't be written stays pending for the next time. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const uses = this.pending;
    this.pending = new Map();
    if (uses.size === 0) return;
    try {
      await pool.query({ ...FLUSH, values: columnsOf(uses) });
    } catch (error) {
      log.warn({ err: String(error), keys: uses.size }, "last use not written yet");
      this.keepForLater(uses);
    }
  }

  private keepForLater(uses: Map<string, Use>): void {
    for (const [keyId, use] of uses) {
      if (!this.pending.has(keyId)) this.note(keyId, use);
    }
  }
}

function columnsOf(uses: Map<string, Use>) {
  const list = [...uses.values()];
  return [[...uses.keys()], list.map(({ at }) => at), list.map(({ ip }) => ip), list.map(({ userAgent }) => userAgent)];
}

// Next evaluates a module once per bundle layer; what is pending must be in one place.
const shared = globalThis as { latchkeyUsage?: UsageRecorder };
if (!shared.latchkeyUsage) {
  const recorder = new UsageRecorder();
  shared.latchkeyUsage = recorder;
  onShutdown(() => recorder.flush());
}

export const usage = shared.latchkeyUsage;
