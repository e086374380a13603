import type { RequestContext } from "@/lib/request-context";
import { float8Column, int4Column, plainColumn, textColumn, uuidColumn } from "@/lib/verification/array-columns";
import type { DecisionCode } from "@/lib/verification/decide";
import { UUID_BYTES, uuidFrom, writeUuid } from "@/lib/verification/uuid-bytes";

/** What can be decided about a key that exists. */
export type KeyOutcome = Exclude<DecisionCode, "not_found">;

/** Calls of one key with one outcome; `at` is the latest one's instant in epoch milliseconds, and the context is that one's. */
export type Calls = RequestContext & { keyId: string; teamId: string; code: KeyOutcome; at: number; count: number };

/** What a row's count takes: an `integer` of PostgreSQL's. */
const MAX_COUNT = 0x7fffffff;
const MAX_SHARED_TEXTS = 1_000;

/**
 * Calls not written yet, one row a key and outcome; of two calls in different hours the earlier counts for the later hour,
 * at most a second off. In columns of plain bytes and numbers, whose memory is taken once and as they fill: as objects, tens
 * of thousands a second, they would keep the garbage collector busy.
 */
export class PendingCalls {
  size = 0;
  /** By the key's last bytes, which are random: the row's place and one, or 0. */
  private readonly slots: Int32Array;
  private readonly keyIds: Uint8Array;
  private readonly at: Float64Array;
  private readonly counts: Int32Array;
  private readonly codes: KeyOutcome[] = [];
  private readonly teamIds: string[] = [];
  private readonly ips: (string | null)[] = [];
  private readonly userAgents: (string | null)[] = [];
  private readonly texts = new SharedTexts();
  private readonly sought = new Uint8Array(UUID_BYTES);

  /** With room for `capacity` rows. */
  constructor(private readonly capacity: number) {
    // Twice as many as rows, so one or two steps find a row or that it isn't there.
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
    this.keyIds = new Uint8Array(capacity * UUID_BYTES);
    this.at = new Float64Array(capacity);
    this.counts = new Int32Array(capacity);
  }

  /** False when there is no room for another row. */
  add({ keyId, teamId, code, at, count, ip, userAgent }: Calls): boolean {
    writeUuid(keyId, this.sought, 0);
    const slot = this.slotOf(code);
    let row = (this.slots[slot] as number) - 1;
    if (row < 0) {
      if (this.size === this.capacity) return false;
      row = this.size++;
      this.slots[slot] = row + 1;
      this.keyIds.set(this.sought, row * UUID_BYTES);
      this.codes[row] = code;
      this.teamIds[row] = teamId;
      this.counts[row] = 0;
      this.at[row] = at;
    }
    this.counts[row] = Math.min((this.counts[row] as number) + count, MAX_COUNT);
    if (at < (this.at[row] as number)) return true;
    this.at[row] = at;
    this.ips[row] = this.texts.of(ip);
    this.userAgents[row] = this.texts.of(userAgent);
    return true;
  }

  /** `row` from 0 to below the size, in the order in which they came. */
  get(row: number): Calls {
    return {
      keyId: uuidFrom(this.keyIds, row * UUID_BYTES),
      teamId: this.teamIds[row] as string,
      code: this.codes[row] as KeyOutcome,
      at: this.at[row] as number,
      count: this.counts[row] as number,
      ip: this.ips[row] as string | null,
      userAgent: this.userAgents[row] as string | null,
    };
  }

  /** Of these rows, as parameters: key, outcome, epoch milliseconds, count, address, user agent and team. */
  columnsOf(rows: readonly number[]): unknown[] {
    return [
      uuidColumn(rows, this.keyIds),
      plainColumn(rows, (row) => this.codes[row] as string),
      float8Column(rows, this.at),
      int4Column(rows, this.counts),
      textColumn(rows, (row) => this.ips[row] as string | null),
      textColumn(rows, (row) => this.userAgents[row] as string | null),
      plainColumn(rows, (row) => this.teamIds[row] as string),
    ];
  }

  clear(): void {
    this.size = 0;
    this.slots.fill(0);
    this.codes.length = 0;
    this.teamIds.length = 0;
    this.ips.length = 0;
    this.userAgents.length = 0;
  }

  /** Where the row of the sought key and this outcome is, or goes. */
  private slotOf(code: KeyOutcome): number {
    const { sought, slots } = this;
    const last = slots.length - 1;
    const random = (sought[15] as number) | ((sought[14] as number) << 8) | ((sought[13] as number) << 16);
    for (let slot = random & last; ; slot = (slot + 1) & last) {
      const row = (slots[slot] as number) - 1;
      if (row < 0 || (this.codes[row] === code && this.isKeyAt(row))) return slot;
    }
  }

  private isKeyAt(row: number): boolean {
    const start = row * UUID_BYTES;
    for (let byte = UUID_BYTES - 1; byte >= 0; byte--) {
      if (this.keyIds[start + byte] !== this.sought[byte]) return false;
    }
    return true;
  }
}

/**
 * One copy of each of many equal texts: every request brings its own copy of its user agent, which would otherwise live
 * until it's written. Few are remembered, so that strangers can't fill it.
 */
class SharedTexts {
  private readonly known = new Map<string, string>();

  of(text: string | null): string | null {
    if (text === null) return null;
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_SHARED_TEXTS) this.known.clear();
    this.known.set(text, text);
    return text;
  }
}
