import "server-only";
import { storedText } from "@/lib/calls/stored-text";
import { WriteBehind } from "@/lib/calls/write-behind";
import { writeRows } from "@/lib/calls/write-rows";
import { preparedStatement } from "@/lib/database/prepared-statement";
import type { RequestContext } from "@/lib/http/request-context";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";
import { metrics } from "@/lib/verification/metrics";

/** Accepted calls of one key from one address that requested the same scopes; the user agent is the latest call's. */
export type KeyUse = RequestContext & {
  keyId: string;
  scopes: readonly string[];
  firstAt: number;
  at: number;
  calls: number;
};

type AddressUse = { keyId: string; ip: string; userAgent: string | null; firstAt: number; at: number; calls: number };
type ScopeUse = { keyId: string; scope: string; at: number };
/** Lists, because they usually have few entries. */
type KeyInsight = { keyId: string; addresses: AddressUse[]; scopes: ScopeUse[] };

const FLUSH_INTERVAL_MS = 30_000;
/** Applies separately to keys, addresses and scopes. */
const MAX_PENDING = 10_000;
/** One key that is used from many addresses must not fill the buffer. */
const MAX_ADDRESSES_A_KEY = 100;
/** Longer than any IP address. */
const MAX_ADDRESS_LENGTH = 64;
const HOUR_MS = 3_600_000;

/**
 * The latest call only moves forward and a later hour restarts the count, in whatever order processes write. Both
 * statements write rows in the order of their ids, so that processes flushing the same keys can't deadlock.
 */
const ADDRESSES_TEXT = `
  insert into api_key_addresses as a (key_id, ip, user_agent, first_at, last_at, hour, calls)
  select key_id, ip, user_agent, to_timestamp(first_ms / 1000), to_timestamp(at_ms / 1000),
    date_trunc('hour', to_timestamp(at_ms / 1000), 'UTC'), calls
  from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::bigint[])
    as u (key_id, ip, user_agent, first_ms, at_ms, calls)
  order by key_id, ip
  on conflict (key_id, ip) do update set
    user_agent = case when excluded.last_at >= a.last_at then excluded.user_agent else a.user_agent end,
    first_at = least(a.first_at, excluded.first_at),
    last_at = greatest(a.last_at, excluded.last_at),
    hour = greatest(a.hour, excluded.hour),
    calls = case when excluded.hour > a.hour then excluded.calls
      when excluded.hour = a.hour then a.calls + excluded.calls else a.calls end`;

const SCOPES_TEXT = `
  insert into api_key_scope_uses as s (key_id, scope, last_at)
  select key_id, scope, to_timestamp(at_ms / 1000)
  from unnest($1::uuid[], $2::text[], $3::float8[]) as u (key_id, scope, at_ms)
  order by key_id, scope
  on conflict (key_id, scope) do update set last_at = excluded.last_at where excluded.last_at > s.last_at`;

const WRITE_ADDRESSES = preparedStatement("addresses", ADDRESSES_TEXT);
const WRITE_SCOPES = preparedStatement("scopes", SCOPES_TEXT);

/**
 * Records the addresses and scopes that keys are used with, and flushes them twice a minute. Unlike the counts of calls
 * they are incomplete: what exceeds the buffer is dropped, and counted by a metric.
 */
class InsightRecorder {
  private addresses = 0;
  private scopes = 0;
  private readonly insights = new WriteBehind<KeyInsight>({
    capacity: MAX_PENDING,
    intervalMs: FLUSH_INTERVAL_MS,
    idOf: ({ keyId }) => keyId,
    merge: (into, from) => this.addTo(into, from),
    write: (insights) => this.write(insights),
    onDrop: () => metrics.recordDropped("key"),
  });

  /** Records accepted calls and the scopes that they requested; never throws and never waits. */
  note({ keyId, ip, userAgent, scopes, firstAt, at, calls }: KeyUse): void {
    if (ip === null && scopes.length === 0) return;
    const insight = this.insightOf(keyId);
    if (!insight) return;
    if (ip !== null) this.noteAddress(insight, { keyId, ip, userAgent, firstAt, at, calls });
    for (const scope of scopes) this.noteScope(insight, { keyId, scope, at });
  }

  /** Writes the buffer. Items that can't be written stay in it for the next flush. */
  flush(): Promise<void> {
    return this.insights.flush();
  }

  private insightOf(keyId: string): KeyInsight | undefined {
    const known = this.insights.find(keyId);
    if (known) return known;
    const insight = { keyId, addresses: NO_ADDRESSES, scopes: NO_SCOPES };
    return this.insights.add(keyId, insight) ? insight : undefined;
  }

  private noteAddress(insight: KeyInsight, address: AddressUse): void {
    const known = insight.addresses.find(({ ip }) => ip === address.ip);
    if (known) {
      addCalls(known, address);
      return;
    }
    const isFull = this.addresses >= MAX_PENDING || insight.addresses.length >= MAX_ADDRESSES_A_KEY;
    if (isFull || address.ip.length > MAX_ADDRESS_LENGTH) {
      metrics.recordDropped("address");
      return;
    }
    this.addresses++;
    insight.addresses = appended(insight.addresses, address);
  }

  private noteScope(insight: KeyInsight, use: ScopeUse): void {
    const known = insight.scopes.find(({ scope }) => scope === use.scope);
    if (known) {
      known.at = Math.max(known.at, use.at);
      return;
    }
    if (this.scopes >= MAX_PENDING) {
      metrics.recordDropped("scope");
      return;
    }
    this.scopes++;
    insight.scopes = appended(insight.scopes, use);
  }

  private async write(insights: KeyInsight[]): Promise<KeyInsight[]> {
    this.addresses = 0;
    this.scopes = 0;
    const addresses = insights.flatMap((insight) => insight.addresses);
    const addressesLeft = await writeRows(WRITE_ADDRESSES, addressColumns, addresses, keyIdOf);
    const scopes = insights.flatMap((insight) => insight.scopes);
    const scopesLeft = await writeRows(WRITE_SCOPES, scopeColumns, scopes, keyIdOf);
    this.addresses += addressesLeft.length;
    this.scopes += scopesLeft.length;
    return [
      ...addressesLeft.map((address) => ({ keyId: address.keyId, addresses: [address], scopes: NO_SCOPES })),
      ...scopesLeft.map((use) => ({ keyId: use.keyId, addresses: NO_ADDRESSES, scopes: [use] })),
    ];
  }

  private addTo(insight: KeyInsight, { addresses, scopes }: KeyInsight): void {
    this.addresses -= addresses.length;
    this.scopes -= scopes.length;
    for (const address of addresses) this.noteAddress(insight, address);
    for (const use of scopes) this.noteScope(insight, use);
  }
}

const NO_ADDRESSES: AddressUse[] = [];
const NO_SCOPES: ScopeUse[] = [];

/** The list with one more item. Most lists have only one; `push` on an empty array would allocate space for sixteen more. */
function appended<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}

const keyIdOf = ({ keyId }: { keyId: string }) => keyId;

const hourOf = (at: number) => Math.floor(at / HOUR_MS);

/** Counts only the calls of the latest hour: earlier ones are shown nowhere. */
function addCalls(to: AddressUse, { firstAt, at, calls, userAgent }: AddressUse): void {
  to.firstAt = Math.min(to.firstAt, firstAt);
  const [hour, known] = [hourOf(at), hourOf(to.at)];
  if (hour === known) to.calls += calls;
  else if (hour > known) to.calls = calls;
  if (at < to.at) return;
  to.at = at;
  to.userAgent = userAgent;
}

function addressColumns(uses: AddressUse[]): unknown[] {
  return [
    uses.map(({ keyId }) => keyId),
    uses.map(({ ip }) => storedText(ip)),
    uses.map(({ userAgent }) => storedText(userAgent)),
    uses.map(({ firstAt }) => firstAt),
    uses.map(({ at }) => at),
    uses.map(({ calls }) => calls),
  ];
}

function scopeColumns(uses: ScopeUse[]): unknown[] {
  return [uses.map(({ keyId }) => keyId), uses.map(({ scope }) => storedText(scope)), uses.map(({ at }) => at)];
}

export const insights = processWide("insights", () => {
  const recorder = new InsightRecorder();
  onShutdown(() => recorder.flush());
  return recorder;
});
