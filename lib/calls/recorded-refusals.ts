import "server-only";
import { randomUUID } from "node:crypto";
import { preparedStatement } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";
import { listColumn, plainColumn, textColumn } from "@/lib/calls/array-columns";
import { Flusher } from "@/lib/calls/flusher";
import { metrics } from "@/lib/verification/metrics";
import type { Occasion } from "@/lib/verification/occasion";
import type { Refusal } from "@/lib/verification/refusals";
import { writeRows } from "@/lib/calls/write-rows";

type KeptRefusal = {
  id: string;
  keyId: string;
  at: number;
  requestId: string;
  code: string;
  door: string;
  ip: string | null;
  userAgent: string | null;
  missing: readonly string[];
};

const FLUSH_INTERVAL_MS = 1_000;
const MAX_A_MINUTE_FOR_KEY_AND_CODE = 5;
const MAX_A_SECOND = 200;
/** While the database is away. */
const MAX_PENDING = 5_000;
/** What was asked for and how the request is named is a stranger's choice. */
const MAX_MISSING = 20;
const MAX_TEXT_LENGTH = 64;

/** A row has its id before it is sent: sent again after a connection broke, it is there once. */
const WRITE = preparedStatement(
  "refusals",
  `insert into api_key_refusals (id, key_id, at, request_id, code, door, ip, user_agent, missing)
  select id, key_id, to_timestamp(at_ms / 1000), request_id, code, door, ip, user_agent, missing::text[]
  from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    as r (id, key_id, at_ms, request_id, code, door, ip, user_agent, missing)
  order by key_id
  on conflict (id) do nothing`,
);

/**
 * Keeps single refusals of keys that exist, so that a request's id leads to its reason: a few for each key and reason,
 * and no more than the database easily takes, whatever is sent. How many there were is counted elsewhere, and whole.
 */
class RefusalKeeper {
  private pending: KeptRefusal[] = [];
  private readonly ofMinute = new Map<string, number>();
  private minute = 0;
  private ofSecond = 0;
  private second = 0;
  private readonly flusher = new Flusher(FLUSH_INTERVAL_MS, () => this.writePending());

  /** Notes a refusal; never throws and never waits. `at` is epoch milliseconds. */
  note(keyId: string, refusal: Refusal, at: number, occasion: Occasion): void {
    this.turnTo(at);
    const { code } = refusal;
    const id = `${keyId} ${code}`;
    const soFar = this.ofMinute.get(id) ?? 0;
    const isFull = this.ofSecond >= MAX_A_SECOND || this.pending.length >= MAX_PENDING;
    if (isFull || soFar >= MAX_A_MINUTE_FOR_KEY_AND_CODE) {
      metrics.notKept("refusal");
      return;
    }
    this.ofMinute.set(id, soFar + 1);
    this.ofSecond++;
    const { door, requestId, context } = occasion;
    const missing = "missing" in refusal ? refusal.missing.slice(0, MAX_MISSING).map(shortened) : [];
    this.pending.push({
      id: randomUUID(),
      keyId,
      at,
      code,
      door,
      requestId: shortened(requestId),
      missing,
      ...context,
    });
    this.flusher.schedule();
  }

  /** Writes what is pending. What can't be written stays pending for the next time. */
  flush(): Promise<void> {
    return this.flusher.flush();
  }

  private turnTo(at: number): void {
    const second = Math.floor(at / 1_000);
    if (second === this.second) return;
    this.second = second;
    this.ofSecond = 0;
    const minute = Math.floor(second / 60);
    if (minute === this.minute) return;
    this.minute = minute;
    this.ofMinute.clear();
  }

  private async writePending(): Promise<void> {
    if (this.pending.length === 0) return;
    const refusals = this.pending;
    this.pending = [];
    const left = await writeRows(WRITE, columnsOf, refusals, ({ keyId }) => keyId);
    if (left.length === 0) return;
    this.pending = [...left, ...this.pending].slice(0, MAX_PENDING);
    this.flusher.schedule();
  }
}

const shortened = (text: string) => text.slice(0, MAX_TEXT_LENGTH);

function columnsOf(refusals: KeptRefusal[]): unknown[] {
  return [
    plainColumn(refusals, ({ id }) => id),
    plainColumn(refusals, ({ keyId }) => keyId),
    plainColumn(refusals, ({ at }) => at),
    textColumn(refusals, ({ requestId }) => requestId),
    plainColumn(refusals, ({ code }) => code),
    plainColumn(refusals, ({ door }) => door),
    textColumn(refusals, ({ ip }) => ip),
    textColumn(refusals, ({ userAgent }) => userAgent),
    listColumn(refusals, ({ missing }) => missing),
  ];
}

export const keptRefusals = processWide("keptRefusals", () => {
  const keeper = new RefusalKeeper();
  onShutdown(() => keeper.flush());
  return keeper;
});
