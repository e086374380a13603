import { Numbered } from "@/lib/verification/numbered";
import { type Holder, type KeyGrant, VerifiedKey } from "@/lib/verification/verified-key";

/** Beyond this, all are evicted, so that memory is bounded. */
const MAX_KEYS = 131_072;
/** Each needs about 160. */
const MAX_BYTES = 176 * MAX_KEYS;
/** Names made by the console are far shorter; a key with a longer one, made by SQL, isn't cached. */
const MAX_TEXT_BYTES = 1_000;
/** Each change in a team makes new holders; the old ones stay until all keys are evicted. */
const MAX_SHARED = 50_000;
/** A power of two, and twice as many as keys: so one or two steps find a key or that it isn't there. */
const SLOTS = 2 * MAX_KEYS;

/**
 * Half of the hash: to find another token with the same half takes 2^128 tries (NIST SP 800-107, section 5.1). The other
 * parts of a record, in bytes from its start: created, expires and revoked in 8 bytes each; the text's length, the room for
 * it, and the numbers of grant and holder in 2 bytes each; and the text.
 */
const HASH_BYTES = 16;
const TIMES = HASH_BYTES;
const NUMBERS = TIMES + 3 * 8;
const TEXT = NUMBERS + 4 * 2;
const ALIGNMENT = 8;

/**
 * Caches keys by token hash (the 32 bytes of the SHA-256 as a binary string), as byte records one after the other in memory
 * that is taken as it fills. An LRU cache of objects is as fast within 5 %, but takes 187 MB instead of 136 with 100,000
 * keys. All of a record lies together, because most of the time of finding a key is memory access.
 */
export class KeyCache {
  private size = 0;
  private end = 0;
  /** By the hash's first bytes, which are as good as random: the record's start and one, or 0. */
  private readonly slots = new Int32Array(SLOTS);
  private readonly bytes = Buffer.from(new ArrayBuffer(MAX_BYTES));
  private readonly times = new Float64Array(this.bytes.buffer);
  private readonly numbers = new Uint16Array(this.bytes.buffer);
  private readonly grants = new Numbered<KeyGrant>(MAX_SHARED);
  private readonly holders = new Numbered<Holder>(MAX_SHARED);

  get(hash: string): VerifiedKey | undefined {
    const start = this.startAt(this.slotOf(hash));
    if (start < 0) return undefined;
    const { times, numbers } = this;
    const [time, number, text] = [(start + TIMES) / 8, (start + NUMBERS) / 2, start + TEXT];
    return new VerifiedKey(
      this.bytes.toString("latin1", text, text + (numbers[number] as number)),
      this.grants.at(numbers[number + 2] as number),
      times[time] as number,
      times[time + 1] as number,
      times[time + 2] as number,
      this.holders.at(numbers[number + 3] as number),
    );
  }

  /** Adds or replaces a key. */
  set(hash: string, key: VerifiedKey): void {
    const textBytes = key.ownJson.length;
    if (textBytes > MAX_TEXT_BYTES) return;
    if (this.grants.isFull || this.holders.isFull) this.evictAll();
    const start = this.roomFor(hash, textBytes);
    const { times, numbers } = this;
    const [time, number] = [(start + TIMES) / 8, (start + NUMBERS) / 2];
    times[time] = key.createdAtMs;
    times[time + 1] = key.expiresAtMs;
    times[time + 2] = key.revokedAtMs;
    numbers[number] = textBytes;
    numbers[number + 2] = this.grants.numberOf(key.grant);
    numbers[number + 3] = this.holders.numberOf(key.holder);
    this.bytes.write(key.ownJson, start + TEXT, "latin1");
  }

  /** Where the record of this hash starts: in its old place if the text fits there, else behind all others. */
  private roomFor(hash: string, textBytes: number): number {
    const slot = this.slotOf(hash);
    const known = this.startAt(slot);
    if (known >= 0 && textBytes <= (this.numbers[(known + NUMBERS) / 2 + 1] as number)) return known;
    const recordBytes = Math.ceil((TEXT + textBytes) / ALIGNMENT) * ALIGNMENT;
    if (this.size === MAX_KEYS || this.end + recordBytes > MAX_BYTES) {
      this.evictAll();
      return this.roomFor(hash, textBytes);
    }
    if (known < 0) this.size++;
    const start = this.end;
    this.end += recordBytes;
    this.slots[slot] = start + 1;
    this.bytes.write(hash, start, HASH_BYTES, "latin1");
    this.numbers[(start + NUMBERS) / 2 + 1] = recordBytes - TEXT;
    return start;
  }

  private evictAll(): void {
    this.slots.fill(0);
    this.size = 0;
    this.end = 0;
    this.grants.clear();
    this.holders.clear();
  }

  private slotOf(hash: string): number {
    const first =
      hash.charCodeAt(0) | (hash.charCodeAt(1) << 8) | (hash.charCodeAt(2) << 16) | (hash.charCodeAt(3) << 24);
    for (let slot = first & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const start = this.startAt(slot);
      if (start < 0 || this.isHashAt(start, hash)) return slot;
    }
  }

  /** −1 where the slot is free. */
  private startAt(slot: number): number {
    return (this.slots[slot] as number) - 1;
  }

  private isHashAt(start: number, hash: string): boolean {
    for (let byte = 0; byte < HASH_BYTES; byte++) {
      if (this.bytes[start + byte] !== hash.charCodeAt(byte)) return false;
    }
    return true;
  }
}
