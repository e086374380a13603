import type { RequestContext } from "@/lib/request-context";
import {
  AT,
  CallRows,
  type Calls,
  CODE,
  COUNT,
  FIRST_AT,
  IP,
  ROW_BYTES,
  SCOPES,
  TEAM,
  UNTOLD,
  USER_AGENT,
} from "@/lib/calls/call-rows";
import { UUID_BYTES, writeUuid } from "@/lib/verification/uuid-bytes";

/** Accepted calls of one key from one address that asked for the same scopes; the user agent is the latest one's. */
export type AlikeCalls = RequestContext & {
  keyId: string;
  scopes: readonly string[];
  firstAt: number;
  at: number;
  calls: number;
};

/** What a row's count takes: an `integer` of PostgreSQL's. */
const MAX_COUNT = 0x7fffffff;
/** A longer list of scopes isn't kept: who asks for it is told of at once. */
const MAX_SCOPES_LENGTH = 500;

/**
 * Calls not written yet, one row a key and outcome; of two calls in different hours the earlier counts for the later hour,
 * at most as long off as calls wait here.
 *
 * Besides, accepted calls are told, those that are alike together: as soon as one comes that isn't like those before, and
 * the rest when a row's turn to be written comes.
 */
export class PendingCalls extends CallRows {
  /** By the key's last bytes, which are random: the row's place and one, or 0. Twice as many as rows: so one or two steps do. */
  private readonly slots: Int32Array;
  private readonly sought = new Uint8Array(UUID_BYTES);

  /** With room for `capacity` rows. */
  constructor(
    capacity: number,
    private readonly tell: (calls: AlikeCalls) => void,
  ) {
    super(capacity);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  }

  /** False when there is no room for another row. */
  add(calls: Calls): boolean {
    if (calls.scopes !== null && calls.scopes.length > MAX_SCOPES_LENGTH) {
      if (!this.add({ ...calls, scopes: null, untold: 0 })) return false;
      this.tellOf(calls);
      return true;
    }
    const { times, numbers } = this;
    const row = this.rowOf(calls);
    if (row < 0) return false;
    const [time, number] = [row * (ROW_BYTES / 8), row * (ROW_BYTES / 4)];
    const [ip, scopes] = [this.textNumberOf(calls.ip), this.textNumberOf(calls.scopes)];
    const isLate = calls.at < (times[time + AT] as number);
    numbers[number + COUNT] = Math.min((numbers[number + COUNT] as number) + calls.count, MAX_COUNT);
    if (ip !== numbers[number + IP] || scopes !== numbers[number + SCOPES]) {
      if (isLate) {
        this.tellOf(calls);
        return true;
      }
      this.tellRow(row);
    }
    const untold = numbers[number + UNTOLD] as number;
    const isFirstUntold = calls.untold > 0 && calls.firstAt < (times[time + FIRST_AT] as number);
    if (untold === 0 || isFirstUntold) times[time + FIRST_AT] = calls.firstAt;
    numbers[number + UNTOLD] = Math.min(untold + calls.untold, MAX_COUNT);
    if (isLate) return true;
    times[time + AT] = calls.at;
    numbers[number + IP] = ip;
    numbers[number + USER_AGENT] = this.textNumberOf(calls.userAgent);
    numbers[number + SCOPES] = scopes;
    return true;
  }

  /** Tells what is untold of these rows. */
  tellRows(rows: readonly number[]): void {
    for (const row of rows) this.tellRow(row);
  }

  override clear(): void {
    super.clear();
    this.slots.fill(0);
  }

  private tellRow(row: number): void {
    const untold = row * (ROW_BYTES / 4) + UNTOLD;
    if (this.numbers[untold] === 0) return;
    const calls = this.get(row);
    this.numbers[untold] = 0;
    this.tellOf(calls);
  }

  private tellOf({ keyId, ip, userAgent, scopes, firstAt, at, untold }: Calls): void {
    if (untold === 0) return;
    this.tell({ keyId, ip, userAgent, scopes: scopes === null ? [] : scopes.split(" "), firstAt, at, calls: untold });
  }

  /** The row of a key and an outcome, made if it isn't there; negative when there is no room. */
  private rowOf({ keyId, teamId, code, at }: Calls): number {
    writeUuid(keyId, this.sought, 0);
    const codeNumber = this.codes.numberOf(code);
    const slot = this.slotOf(codeNumber);
    const known = (this.slots[slot] as number) - 1;
    if (known >= 0 || this.size === this.capacity) return known;
    const row = this.size++;
    this.slots[slot] = row + 1;
    this.bytes.fill(0, row * ROW_BYTES, (row + 1) * ROW_BYTES);
    this.bytes.set(this.sought, row * ROW_BYTES);
    this.times[row * (ROW_BYTES / 8) + AT] = at;
    const number = row * (ROW_BYTES / 4);
    this.numbers[number + CODE] = codeNumber;
    this.numbers[number + TEAM] = this.teamNumberOf(teamId);
    return row;
  }

  /** Where the row of the sought key and this outcome is, or goes. */
  private slotOf(code: number): number {
    const { sought, slots } = this;
    const last = slots.length - 1;
    const random = (sought[15] as number) | ((sought[14] as number) << 8) | ((sought[13] as number) << 16);
    for (let slot = random & last; ; slot = (slot + 1) & last) {
      const row = (slots[slot] as number) - 1;
      if (row < 0 || (this.numbers[row * (ROW_BYTES / 4) + CODE] === code && this.isKeyAt(row))) return slot;
    }
  }

  private isKeyAt(row: number): boolean {
    const start = row * ROW_BYTES;
    for (let byte = UUID_BYTES - 1; byte >= 0; byte--) {
      if (this.bytes[start + byte] !== this.sought[byte]) return false;
    }
    return true;
  }
}
