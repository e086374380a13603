import "server-only";
import { DatabaseAway } from "@/lib/database/database-away";
import { AS_TEXT } from "@/lib/database/postgres";
import { preparedStatement } from "@/lib/database/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { lookupPool } from "@/lib/verification/connections";
import { KeptKeys } from "@/lib/verification/kept-keys";
import {
  holderOf,
  type KeyAndHolderRow,
  type KeyRow,
  keyOf,
  SELECT_KEYS,
  SELECT_KEYS_AND_HOLDERS,
  SELECT_VERSIONS,
  type VersionRow,
} from "@/lib/verification/key-row";
import { metrics } from "@/lib/verification/metrics";
import { askPrimary } from "@/lib/verification/primary";
import type { Holder, VerifiedKey } from "@/lib/verification/verified-key";

/** From asking to answer or failure. A gateway that waits longer than a second has given up. */
const PATIENCE_MS = 800;
const MAX_BATCH_KEYS = 500;
/** Beyond this the database has fallen behind for good: who comes now is told at once. */
const MAX_WAITING_BATCHES = 20;

const AS_IT_COMES = { types: AS_TEXT, rowMode: "array" } as const;
const FIND_VERSIONS = preparedStatement("versions", SELECT_VERSIONS, AS_IT_COMES);
const FIND_KEYS = preparedStatement("keys", SELECT_KEYS, AS_IT_COMES);
const FIND_KEYS_AND_HOLDERS = preparedStatement("keys-and-holders", SELECT_KEYS_AND_HOLDERS, AS_IT_COMES);

const MAX_HOLDERS = 20_000;

const keptKeys = processWide("keptKeys", () => new KeptKeys());

/** By the id of the member, or of the team that is the only holder of its own keys. */
const knownHolders = processWide("knownHolders", () => new Map<string, Holder>());

/**
 * What is in memory of a key, and what the database has confirmed of it. `askedBy` is the token hash of the caller that
 * asks about somebody else's token; absent where a token is presented for its own sake.
 */
type LookUp = { kept: VerifiedKey | undefined; found: VerifiedKey | null; askedBy: string | undefined };
/** By the hashes of the tokens, the 32 bytes of the SHA-256 as a binary string. */
type LookUps = Map<string, LookUp>;
type Batch = {
  lookUps: LookUps;
  answered: Promise<void>;
  succeed: () => void;
  fail: (error: Error) => void;
  timer: NodeJS.Timeout;
};

/** The database did not answer in time, or too much is waiting for it. */
export class LookUpUnavailable extends DatabaseAway {}

/**
 * Gathers look-ups into batches, each of which is one statement, and sends one batch at a time. A batch takes no more
 * look-ups once it has been sent: its snapshot may be older than a revocation that the late request must see. The same
 * key asked for twice before sending is looked up once.
 */
class KeyLookup {
  private readonly waiting: Batch[] = [];
  /** A batch is about to be sent, or on the wire. */
  private isBusy = false;

  /** The key with this token hash. Rejects within a second when the database can't say. */
  async find(tokenHash: string, askedBy?: string): Promise<VerifiedKey | null> {
    const batch = this.openBatch();
    let lookUp = batch.lookUps.get(tokenHash);
    if (!lookUp) {
      lookUp = { kept: undefined, found: null, askedBy };
      batch.lookUps.set(tokenHash, lookUp);
      if (!this.isBusy) this.sendSoon();
    } else if (lookUp.askedBy !== askedBy) lookUp.askedBy = undefined;
    await batch.answered;
    return lookUp.found;
  }

  private openBatch(): Batch {
    const last = this.waiting.at(-1);
    if (last && last.lookUps.size < MAX_BATCH_KEYS) return last;
    if (this.waiting.length >= MAX_WAITING_BATCHES) throw new LookUpUnavailable("too many look-ups are waiting");
    const batch = newBatch();
    batch.timer = setTimeout(() => this.giveUp(batch), PATIENCE_MS);
    this.waiting.push(batch);
    return batch;
  }

  /** After this turn of the event loop: what has arrived on other sockets joins the batch. */
  private sendSoon(): void {
    this.isBusy = true;
    setImmediate(() => this.send());
  }

  private async send(): Promise<void> {
    const batch = this.waiting.shift();
    if (!batch) {
      this.isBusy = false;
      return;
    }
    metrics.batchSize(batch.lookUps.size);
    const failure = await readKeys(batch.lookUps).catch((error: Error) => error);
    clearTimeout(batch.timer);
    // Their answers are written before the next batch is sent, which takes along what comes in reply.
    if (failure) batch.fail(failure);
    else batch.succeed();
    this.sendSoon();
  }

  /**
   * Also for a batch on the wire: its statement ends by its own timeout, but nobody waits for it any more. Only after
   * what has arrived was read: this process may have been busy with a page for as long, and the answer be there.
   */
  private giveUp(batch: Batch): void {
    setImmediate(() => {
      const place = this.waiting.indexOf(batch);
      if (place >= 0) this.waiting.splice(place, 1);
      batch.fail(new LookUpUnavailable(`the database did not answer within ${PATIENCE_MS} ms`));
    });
  }
}

function newBatch(): Batch {
  const batch = { lookUps: new Map() } as Batch;
  batch.answered = new Promise((resolve, reject) => {
    batch.succeed = resolve;
    batch.fail = reject;
  });
  return batch;
}

const lookup = processWide("keyLookup", () => new KeyLookup());

/** The committed state of the key with this token hash (the 32 bytes of the SHA-256 as a binary string), or null: asked of the database for every call. */
export function lookUpKey(tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash);
}

/**
 * The same, on behalf of the caller with the token hash `askedBy`, which is looked up in the same turn or was before. A
 * key of another team costs the same statements as a token that nobody made: the time must not tell one from the other.
 */
export function lookUpKeyFor(askedBy: string, tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash, askedBy);
}

/** Rejects unless the database is one whose answers may be used; for readiness. */
export async function confirmPrimary(pool = lookupPool): Promise<void> {
  await askPrimary(pool, FIND_VERSIONS, "{}");
}

/**
 * Reads each key, and whom it acts as, as they are committed now. What was read before is used again if the team's
 * version, which is read here every time, is still that of then: the database renews it in the same commit as any change
 * to the team's keys, members, users, roles and policy. So neither a verdict nor a fact is used that the database didn't just
 * confirm. Rejects when it can't be asked.
 */
async function readKeys(lookUps: LookUps): Promise<void> {
  const unread = await confirmKeptKeys(lookUps);
  if (unread.length === 0) return;
  const found = await readUnknownKeys(unread, lookUps);
  for (const [hash, key] of found) {
    const lookUp = lookUps.get(hash);
    if (!lookUp) continue;
    lookUp.found = key;
    keptKeys.keep(hash, key);
  }
}

/**
 * Returns the hashes of the keys that must be read: never seen, or seen under another version. Where an eighth of them
 * wasn't seen, that is all of them: one statement about all takes less than two, one after the other.
 */
async function confirmKeptKeys(lookUps: LookUps): Promise<string[]> {
  const teamIds = new Set<string>();
  const unread: string[] = [];
  for (const [hash, lookUp] of lookUps) {
    lookUp.kept = keptKeys.get(hash);
    const { kept, askedBy } = lookUp;
    if (kept && askedBy !== undefined && isOfOtherTeam(kept, keptKeys.get(askedBy))) lookUp.kept = undefined;
    if (lookUp.kept) teamIds.add(lookUp.kept.holder.team.id);
    else unread.push(hash);
  }
  if (8 * unread.length >= lookUps.size) return [...lookUps.keys()];
  const { rows, nowMs } = await askPrimary<VersionRow>(lookupPool, FIND_VERSIONS, `{${[...teamIds].join(",")}}`);
  const versions = new Map(rows);
  for (const [hash, lookUp] of lookUps) {
    if (!lookUp.kept) continue;
    const { team, accessVersion } = lookUp.kept.holder;
    if (versions.get(team.id) === accessVersion) {
      lookUp.found = lookUp.kept;
      lookUp.found.asOfMs = nowMs;
    } else unread.push(hash);
  }
  return unread;
}

type FoundKeys = [hash: string, key: VerifiedKey][];

/** Keys from the database; those whose holder isn't known under the version that came with the key, together with it. */
async function readUnknownKeys(hashes: string[], lookUps: LookUps): Promise<FoundKeys> {
  const { rows, nowMs } = await askPrimary<KeyRow>(lookupPool, FIND_KEYS, byteaArray(hashes));
  const found: FoundKeys = [];
  const strangers: string[] = [];
  for (const row of rows) {
    const hash = hashOf(row);
    const holder = knownHolders.get(row[9]);
    if (holder?.accessVersion === row[10]) found.push([hash, keyOf(row, holder, nowMs)]);
    else strangers.push(hash);
  }
  addWhatOthersMayNotKnow(strangers, found, hashes, lookUps);
  return strangers.length === 0 ? found : found.concat(await readKeysAndHolders(strangers));
}

const NOBODYS_HASH = "\0".repeat(32);

/**
 * A key of another team may need the second statement, a token that nobody made never does: whoever asks about one of
 * the two gets it for both, about nobody's token where there is nothing left to read.
 */
function addWhatOthersMayNotKnow(strangers: string[], found: FoundKeys, hashes: string[], lookUps: LookUps): void {
  let known: Map<string, VerifiedKey> | undefined;
  for (const hash of hashes) {
    const askedBy = lookUps.get(hash)?.askedBy;
    if (askedBy === undefined) continue;
    known ??= new Map(found);
    const key = known.get(hash);
    const isOwn = key && !isOfOtherTeam(key, known.get(askedBy) ?? keptKeys.get(askedBy));
    if (!isOwn && !strangers.includes(hash)) strangers.push(NOBODYS_HASH);
  }
}

const isOfOtherTeam = (key: VerifiedKey, asker: VerifiedKey | undefined) =>
  key.holder.team.id !== asker?.holder.team.id;

/** Keys and whom they act as, from one snapshot. */
async function readKeysAndHolders(hashes: string[]): Promise<FoundKeys> {
  const { rows, nowMs } = await askPrimary<KeyAndHolderRow>(lookupPool, FIND_KEYS_AND_HOLDERS, byteaArray(hashes));
  return rows.map((row) => {
    const holder = holderOf(row);
    if (knownHolders.size >= MAX_HOLDERS) knownHolders.clear();
    knownHolders.set(row[9], holder);
    return [hashOf(row), keyOf(row, holder, nowMs)];
  });
}

/** The hash comes back with the row, so that a key can only be the answer to its own token. From PostgreSQL's text form of a `bytea`. */
const hashOf = (row: KeyRow | KeyAndHolderRow) => Buffer.from(row[0].slice(2), "hex").toString("latin1");

/** PostgreSQL's text form of an array of `bytea`. */
function byteaArray(hashes: string[]): string {
  return `{${hashes.map((hash) => `"\\\\x${Buffer.from(hash, "latin1").toString("hex")}"`).join(",")}}`;
}
