import type { RequestContext } from "@/lib/request-context";
import { float8Column, int4Column, plainColumn, textColumn, uuidColumn } from "@/lib/verification/array-columns";
import type { DecisionCode } from "@/lib/verification/decide";
import { Numbered } from "@/lib/verification/numbered";
import { UUID_BYTES, uuidFrom, writeUuid } from "@/lib/verification/uuid-bytes";

/** What can be decided about a key that exists. */
export type KeyOutcome = Exclude<DecisionCode, "not_found">;

/**
 * Calls of one key with one outcome; `at` is the latest one's instant in epoch milliseconds, and the context and the scopes
 * that were asked for, separated by spaces, are that one's. Of the accepted ones so many are untold, since `firstAt`.
 */
export type Calls = RequestContext & {
  keyId: string;
  teamId: string;
  code: KeyOutcome;
  at: number;
  count: number;
  scopes: string | null;
  firstAt: number;
  untold: number;
};

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
/** Addresses, user agents and scopes; as many different ones don't come in a second. What is beyond counts as unknown. */
const MAX_TEXTS = 50_000;
/** A longer list of scopes isn't kept either: who asks for it is told of at once. */
const MAX_SCOPES_LENGTH = 500;

/** As much as a processor fetches from memory at once. */
const ROW_BYTES = 64;
/** A row's parts behind the key's id, in units of 8 bytes, and of 4 bytes. */
const [AT, FIRST_AT] = [2, 3];
const [COUNT, UNTOLD, CODE, TEAM, IP, USER_AGENT, SCOPES] = [8, 9, 10, 11, 12, 13, 14];

/**
 * Calls not written yet, one row a key and outcome; of two calls in different hours the earlier counts for the later hour,
 * at most a second off. Rows of plain bytes, whose memory is taken once and as they fill: as objects, tens of thousands a
 * second, they would keep the garbage collector busy.
 *
 * Besides, accepted calls are told, those that are alike together: as soon as one comes that isn't like those before, and
 * the rest when a row's turn to be written comes.
 */
export class PendingCalls {
  size = 0;
  /** By the key's last bytes, which are random: the row's place and one, or 0. */
  private readonly slots: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly times: Float64Array;
  private readonly numbers: Int32Array;
  private readonly codes = new Numbered<KeyOutcome>(Number.POSITIVE_INFINITY);
  private readonly teamIds: Numbered<string>;
  private readonly teamBytes: Uint8Array;
  private readonly texts = new Numbered<string | null>(MAX_TEXTS);
  private readonly sought = new Uint8Array(UUID_BYTES);

  /** With room for `capacity` rows. */
  constructor(
    private readonly capacity: number,
    private readonly tell: (calls: AlikeCalls) => void,
  ) {
    // Twice as many as rows, so one or two steps find a row or that it isn't there.
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
    const rows = new ArrayBuffer(capacity * ROW_BYTES);
    this.bytes = new Uint8Array(rows);
    this.times = new Float64Array(rows);
    this.numbers = new Int32Array(rows);
    this.teamIds = new Numbered(capacity);
    this.teamBytes = new Uint8Array(capacity * UUID_BYTES);
    this.clear();
  }

  /** False when there is no room for another row. */
  add(calls: Calls): boolean {
    if (calls.scopes !== null && calls.scopes.length > MAX_SCOPES_LENGTH) {
      if (!this.add({ ...calls, scopes: null, untold: 0 })) return false;
      this.tellOf(calls);
      return true;
    }
    const { times, numbers, texts } = this;
    const row = this.rowOf(calls);
    if (row < 0) return false;
    const [time, number] = [row * (ROW_BYTES / 8), row * (ROW_BYTES / 4)];
    const [ip, scopes] = [texts.numberOf(calls.ip), texts.numberOf(calls.scopes)];
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
    numbers[number + USER_AGENT] = texts.numberOf(calls.userAgent);
    numbers[number + SCOPES] = scopes;
    return true;
  }

  /** `row` from 0 to below the size, in the order in which they came. */
  get(row: number): Calls {
    const { times, numbers, texts } = this;
    const [time, number] = [row * (ROW_BYTES / 8), row * (ROW_BYTES / 4)];
    return {
      keyId: uuidFrom(this.bytes, row * ROW_BYTES),
      teamId: this.teamIds.at(numbers[number + TEAM] as number),
      code: this.codes.at(numbers[number + CODE] as number),
      at: times[time + AT] as number,
      count: numbers[number + COUNT] as number,
      ip: texts.at(numbers[number + IP] as number),
      userAgent: texts.at(numbers[number + USER_AGENT] as number),
      scopes: texts.at(numbers[number + SCOPES] as number),
      firstAt: times[time + FIRST_AT] as number,
      untold: numbers[number + UNTOLD] as number,
    };
  }

  /** Tells what is untold of these rows. */
  tellRows(rows: readonly number[]): void {
    for (const row of rows) this.tellRow(row);
  }

  /** Of these rows, as parameters: key, outcome, epoch milliseconds, count, address, user agent and team. */
  columnsOf(rows: readonly number[]): unknown[] {
    const { times, numbers, texts } = this;
    const numberIn = (row: number, part: number) => numbers[row * (ROW_BYTES / 4) + part] as number;
    return [
      uuidColumn(rows, this.bytes, (row) => row * ROW_BYTES),
      plainColumn(rows, (row) => this.codes.at(numberIn(row, CODE))),
      float8Column(rows, (row) => times[row * (ROW_BYTES / 8) + AT] as number),
      int4Column(rows, (row) => numberIn(row, COUNT)),
      textColumn(rows, (row) => texts.at(numberIn(row, IP))),
      textColumn(rows, (row) => texts.at(numberIn(row, USER_AGENT))),
      uuidColumn(rows, this.teamBytes, (row) => numberIn(row, TEAM) * UUID_BYTES),
    ];
  }

  clear(): void {
    this.size = 0;
    this.slots.fill(0);
    this.codes.clear();
    this.teamIds.clear();
    this.texts.clear();
    // The first one, which a text has the number of for which there is no more room.
    this.texts.numberOf(null);
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
    const teams = this.teamIds.size;
    const team = this.teamIds.numberOf(teamId);
    if (team === teams) writeUuid(teamId, this.teamBytes, team * UUID_BYTES);
    this.numbers[number + TEAM] = team;
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
