import "server-only";
import { randomUUID } from "node:crypto";
import { storedText } from "@/lib/calls/stored-text";
import { WriteBehind } from "@/lib/calls/write-behind";
import { writeRows } from "@/lib/calls/write-rows";
import { preparedStatement } from "@/lib/database/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";
import { metrics } from "@/lib/verification/metrics";
import type { Refusal } from "@/lib/verification/refusals";
import type { VerificationContext } from "@/lib/verification/verification-context";

type RecordedRefusal = {
  id: string;
  keyId: string;
  at: number;
  requestId: string;
  code: string;
  endpoint: string;
  ip: string | null;
  userAgent: string | null;
  missing: readonly string[];
};

const FLUSH_INTERVAL_MS = 1_000;
const MAX_A_MINUTE_FOR_KEY_AND_CODE = 5;
const MAX_A_SECOND = 200;
/** Reached while the database is unavailable. */
const MAX_PENDING = 5_000;
/** The client chooses the requested scopes and the request id, so their size is limited. */
const MAX_MISSING = 20;
const MAX_TEXT_LENGTH = 64;

/** Ids are assigned before the first attempt, so that a retry after a lost connection doesn't insert a row twice. */
const WRITE = preparedStatement(
  "refusals",
  `insert into api_key_refusals (id, key_id, at, request_id, code, door, ip, user_agent, missing)
  select id, key_id, to_timestamp(at_ms / 1000), request_id, code, door, ip, user_agent, array(select jsonb_array_elements_text(missing::jsonb))
  from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    as r (id, key_id, at_ms, request_id, code, door, ip, user_agent, missing)
  order by key_id
  on conflict (id) do nothing`,
);

/**
 * Records single refusals of existing keys, so that a request's id leads to the reason. Rate-limited per key and reason
 * and in total, so that callers can't overload the database; the usage counts are complete.
 */
class RefusalRecorder {
  private readonly ofMinute = new Map<string, number>();
  private minute = 0;
  private ofSecond = 0;
  private second = 0;
  private readonly refusals = new WriteBehind<RecordedRefusal>({
    capacity: MAX_PENDING,
    intervalMs: FLUSH_INTERVAL_MS,
    idOf: ({ id }) => id,
    merge: () => {},
    write: (refusals) => writeRows(WRITE, columnsOf, refusals, ({ keyId }) => keyId),
    onDrop: () => metrics.recordDropped("refusal"),
  });

  /** Records a refusal; never throws and never waits. `at` is epoch milliseconds. */
  note(keyId: string, refusal: Refusal, at: number, context: VerificationContext): void {
    this.resetLimits(at);
    const { code } = refusal;
    const id = `${keyId} ${code}`;
    const soFar = this.ofMinute.get(id) ?? 0;
    if (this.ofSecond >= MAX_A_SECOND || soFar >= MAX_A_MINUTE_FOR_KEY_AND_CODE) {
      metrics.recordDropped("refusal");
      return;
    }
    const { endpoint, requestId, client } = context;
    const missing = "missing" in refusal ? refusal.missing.slice(0, MAX_MISSING).map(shortened) : [];
    const recorded = {
      id: randomUUID(),
      keyId,
      at,
      code,
      endpoint,
      requestId: shortened(requestId),
      missing,
      ...client,
    };
    if (!this.refusals.add(recorded.id, recorded)) return;
    this.ofMinute.set(id, soFar + 1);
    this.ofSecond++;
  }

  /** Writes the buffer. Items that can't be written stay in it for the next flush. */
  flush(): Promise<void> {
    return this.refusals.flush();
  }

  private resetLimits(at: number): void {
    const second = Math.floor(at / 1_000);
    if (second === this.second) return;
    this.second = second;
    this.ofSecond = 0;
    const minute = Math.floor(second / 60);
    if (minute === this.minute) return;
    this.minute = minute;
    this.ofMinute.clear();
  }
}

const shortened = (text: string) => text.slice(0, MAX_TEXT_LENGTH);

function columnsOf(refusals: RecordedRefusal[]): unknown[] {
  return [
    refusals.map(({ id }) => id),
    refusals.map(({ keyId }) => keyId),
    refusals.map(({ at }) => at),
    refusals.map(({ requestId }) => storedText(requestId)),
    refusals.map(({ code }) => code),
    refusals.map(({ endpoint }) => endpoint),
    refusals.map(({ ip }) => storedText(ip)),
    refusals.map(({ userAgent }) => storedText(userAgent)),
    refusals.map(({ missing }) => JSON.stringify(missing.map((scope) => storedText(scope)))),
  ];
}

export const recordedRefusals = processWide("recordedRefusals", () => {
  const recorder = new RefusalRecorder();
  onShutdown(() => recorder.flush());
  return recorder;
});
