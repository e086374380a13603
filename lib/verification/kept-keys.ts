import { type Holder, type KeyGrant, VerifiedKey } from "@/lib/verification/verified-key";

/** About 180 bytes each. Beyond this all are forgotten, so that a team with millions of keys takes no more memory. */
const MAX_KEYS = 131_072;
const MAX_TEXT_BYTES = 96 * MAX_KEYS;
/** A name of the console's is far shorter; what SQL made longer is read each time. */
const MAX_TEXT_LENGTH = 1_000;
/** A power of two, and twice as many as keys: so one or two steps find a key or that it isn't there. */
const SLOTS = 2 * MAX_KEYS;
const HASH_BYTES = 32;

/**
 * Keys as they were read, by the hash of the token (the 32 bytes of the SHA-256 as a binary string). In columns of plain
 * bytes and numbers, whose memory is taken as they fill: as objects a hundred thousand keys would need twice the room,
 * and the garbage collector would walk through them all the time.
 */
export class KeptKeys {
  private size = 0;
  private textEnd = 0;
  /** By the hash's first bytes, which are as good as random: the key's place and one, or 0. */
  private readonly slots = new Int32Array(SLOTS);
  private readonly hashes = Buffer.alloc(MAX_KEYS * HASH_BYTES);
  private readonly texts = Buffer.alloc(MAX_TEXT_BYTES);
  private readonly textStarts = new Uint32Array(MAX_KEYS);
  private readonly textLengths = new Uint32Array(MAX_KEYS);
  private readonly createdAt = new Float64Array(MAX_KEYS);
  private readonly expiresAt = new Float64Array(MAX_KEYS);
  private readonly revokedAt = new Float64Array(MAX_KEYS);
  private readonly grants: KeyGrant[] = [];
  private readonly holders: Holder[] = [];

  get(hash: string): VerifiedKey | undefined {
    const place = this.placeAt(this.slotOf(hash));
    if (place < 0) return undefined;
    const textStart = this.textStarts[place] as number;
    return new VerifiedKey(
      this.texts.toString("utf8", textStart, textStart + (this.textLengths[place] as number)),
      this.grants[place] as KeyGrant,
      this.createdAt[place] as number,
      this.expiresAt[place] as number,
      this.revokedAt[place] as number,
      this.holders[place] as Holder,
    );
  }

  /** Keeps a key in the place of what was kept of it before. */
  keep(hash: string, key: VerifiedKey): void {
    const textLength = Buffer.byteLength(key.shown);
    if (textLength > MAX_TEXT_LENGTH) return;
    if (this.size === MAX_KEYS || this.textEnd + textLength > MAX_TEXT_BYTES) this.forgetAll();
    const slot = this.slotOf(hash);
    const known = this.placeAt(slot);
    const place = known < 0 ? this.add(slot, hash) : known;
    this.write(place, key.shown, textLength);
    this.createdAt[place] = key.createdAtMs;
    this.expiresAt[place] = key.expiresAtMs;
    this.revokedAt[place] = key.revokedAtMs;
    this.grants[place] = key.grant;
    this.holders[place] = key.holder;
  }

  private forgetAll(): void {
    this.slots.fill(0);
    this.size = 0;
    this.textEnd = 0;
    this.grants.length = 0;
    this.holders.length = 0;
  }

  private slotOf(hash: string): number {
    const first =
      hash.charCodeAt(0) | (hash.charCodeAt(1) << 8) | (hash.charCodeAt(2) << 16) | (hash.charCodeAt(3) << 24);
    for (let slot = first & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const place = this.placeAt(slot);
      if (place < 0 || this.isHashAt(place, hash)) return slot;
    }
  }

  /** −1 where the slot is free. */
  private placeAt(slot: number): number {
    return (this.slots[slot] as number) - 1;
  }

  private isHashAt(place: number, hash: string): boolean {
    const start = place * HASH_BYTES;
    for (let byte = 0; byte < HASH_BYTES; byte++) {
      if (this.hashes[start + byte] !== hash.charCodeAt(byte)) return false;
    }
    return true;
  }

  private add(slot: number, hash: string): number {
    const place = this.size++;
    this.slots[slot] = place + 1;
    this.hashes.write(hash, place * HASH_BYTES, "latin1");
    this.textLengths[place] = 0;
    return place;
  }

  /** Over the old text where the new one fits there. */
  private write(place: number, text: string, length: number): void {
    if (length > (this.textLengths[place] as number)) {
      this.textStarts[place] = this.textEnd;
      this.textEnd += length;
    }
    this.textLengths[place] = length;
    this.texts.write(text, this.textStarts[place] as number);
  }
}
