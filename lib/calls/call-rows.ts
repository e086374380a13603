import { withoutSecret } from "@/lib/api-keys/token-shape";
import type { RequestContext } from "@/lib/request-context";
import { float8Column, int4Column, plainColumn, textColumn, uuidColumn } from "@/lib/calls/array-columns";
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

/** Rows as bytes in {@link LAYOUT}, for whoever reads them later, perhaps another process. */
export type WrittenRows = { rows: Uint8Array; shared: string };

/** Addresses, user agents and scopes; as many different ones don't come while rows wait. What is beyond counts as unknown. */
const MAX_TEXTS = 50_000;
/** What a text counts as for which there is no more room. */
const UNKNOWN = null;

/** As much as a processor fetches from memory at once. */
export const ROW_BYTES = 64;
/** A row's parts behind the key's id, in units of 8 bytes, and of 4 bytes. */
export const [AT, FIRST_AT] = [2, 3];
export const [COUNT, UNTOLD, CODE, TEAM, IP, USER_AGENT, SCOPES] = [8, 9, 10, 11, 12, 13, 14];
/**
 * Changes with the layout above, with what is shared, and with how a journal divides keys into shares: rows of another
 * version of Latchkey aren't read as something else.
 */
export const LAYOUT = 1;

/**
 * Calls as rows of plain bytes, whose memory is taken once and as they fill: as objects, tens of thousands a second, they
 * would keep the garbage collector busy. What many rows share is a number in each.
 */
export class CallRows {
  size = 0;
  readonly bytes: Uint8Array;
  readonly times: Float64Array;
  readonly numbers: Int32Array;
  protected readonly codes = new Numbered<KeyOutcome>(Number.POSITIVE_INFINITY);
  protected readonly teamIds: Numbered<string>;
  protected readonly texts = new Numbered<string | null>(MAX_TEXTS);
  private readonly teamBytes: Uint8Array;

  /** With room for `capacity` rows. */
  constructor(protected readonly capacity: number) {
    const rows = new ArrayBuffer(capacity * ROW_BYTES);
    this.bytes = new Uint8Array(rows);
    this.times = new Float64Array(rows);
    this.numbers = new Int32Array(rows);
    this.teamIds = new Numbered(capacity);
    this.teamBytes = new Uint8Array(capacity * UUID_BYTES);
    this.texts.numberOf(UNKNOWN);
  }

  /** What was written elsewhere, in this layout. */
  static read({ rows, shared }: WrittenRows): CallRows {
    const { codes, teamIds, texts } = JSON.parse(shared) as Shared;
    const read = new CallRows(rows.length / ROW_BYTES);
    read.size = read.capacity;
    read.bytes.set(rows);
    read.codes.restore(codes);
    for (const teamId of teamIds) read.teamNumberOf(teamId);
    read.texts.restore(texts);
    return read;
  }

  /** All rows, without secrets. The bytes are ours, and good until the next change. */
  written(): WrittenRows {
    const { codes, teamIds } = this;
    // Every token has that character.
    const texts = this.texts.all.map((text) => (text?.includes("_") ? withoutSecret(text) : text));
    const shared: Shared = { codes: codes.all, teamIds: teamIds.all, texts };
    return { rows: Buffer.from(this.bytes.buffer, 0, this.size * ROW_BYTES), shared: JSON.stringify(shared) };
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

  /** How many texts the rows share, or did. */
  get textCount(): number {
    return this.texts.size;
  }

  lastByteOfKey(row: number): number {
    return this.bytes[row * ROW_BYTES + UUID_BYTES - 1] as number;
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
    this.codes.clear();
    this.teamIds.clear();
    this.texts.clear();
    this.texts.numberOf(UNKNOWN);
  }

  protected textNumberOf(text: string | null): number {
    return this.texts.numberOfOr(text, UNKNOWN);
  }

  protected teamNumberOf(teamId: string): number {
    const teams = this.teamIds.size;
    const team = this.teamIds.numberOf(teamId);
    if (team === teams) writeUuid(teamId, this.teamBytes, team * UUID_BYTES);
    return team;
  }
}

type Shared = {
  codes: readonly KeyOutcome[];
  teamIds: readonly string[];
  texts: readonly (string | null)[];
};
