import "server-only";
import { DatabaseAway } from "@/lib/database/database-away";
import { AS_TEXT } from "@/lib/database/postgres";
import { preparedStatement } from "@/lib/database/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { lookupPool } from "@/lib/verification/connections";
import { KeyCache } from "@/lib/verification/key-cache";
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

/** From request to result or failure. A gateway waits no longer than a second. */
const LOOKUP_TIMEOUT_MS = 800;
const MAX_BATCH_KEYS = 500;
/** Beyond this the database has fallen behind for good: further lookups fail at once. */
const MAX_WAITING_BATCHES = 20;

const UNPARSED = { types: AS_TEXT, rowMode: "array" } as const;
const FIND_VERSIONS = preparedStatement("versions", SELECT_VERSIONS, UNPARSED);
const FIND_KEYS = preparedStatement("keys", SELECT_KEYS, UNPARSED);
const FIND_KEYS_AND_HOLDERS = preparedStatement("keys-and-holders", SELECT_KEYS_AND_HOLDERS, UNPARSED);

const MAX_HOLDERS = 20_000;

/** No cached key is used before the database has confirmed its team's version. */
const cachedKeys = processWide("cachedKeys", () => new KeyCache());

/** By the ID of the member; for team keys, by the ID of the team. */
const knownHolders = processWide("knownHolders", () => new Map<string, Holder>());

/**
 * A key as it is cached, and as the database has confirmed it. `askedBy` is the token hash of the caller that asks about
 * another token; undefined if the token is the caller's own.
 */
type LookUp = { cached: VerifiedKey | undefined; found: VerifiedKey | null; askedBy: string | undefined };
/** By token hash: the 32 bytes of the SHA-256 as a binary string. */
type LookUps = Map<string, LookUp>;
type Batch = {
  lookUps: LookUps;
  answered: Promise<void>;
  succeed: () => void;
  fail: (error: Error) => void;
  timer: NodeJS.Timeout;
};

/** The database did not respond in time, or too many lookups are waiting for it. */
export class LookUpUnavailable extends DatabaseAway {}

/**
 * Combines lookups into batches, one statement each, and sends one batch at a time. A batch that has been sent takes no
 * more lookups: its snapshot may be older than a revocation that a later request must see. A key requested twice in one
 * batch is looked up once.
 */
class KeyLookup {
  private readonly waiting: Batch[] = [];
  /** A batch is about to be sent, or in flight. */
  private isBusy = false;

  /** The key with this token hash. Rejects within a second if the database doesn't respond. */
  async find(tokenHash: string, askedBy?: string): Promise<VerifiedKey | null> {
    const batch = this.openBatch();
    let lookUp = batch.lookUps.get(tokenHash);
    if (!lookUp) {
      lookUp = { cached: undefined, found: null, askedBy };
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
    batch.timer = setTimeout(() => this.giveUp(batch), LOOKUP_TIMEOUT_MS);
    this.waiting.push(batch);
    return batch;
  }

  /** After this turn of the event loop, so that requests already received on other sockets join the batch. */
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
    // The responses are written before the next batch is sent, so that the clients' next requests join it.
    if (failure) batch.fail(failure);
    else batch.succeed();
    this.sendSoon();
  }

  /**
   * Also for a batch in flight: its statement has its own timeout, but no request waits for it any longer. Runs only after
   * received data was read: this process may have been busy with a page, and the result may have arrived meanwhile.
   */
  private giveUp(batch: Batch): void {
    setImmediate(() => {
      const place = this.waiting.indexOf(batch);
      if (place >= 0) this.waiting.splice(place, 1);
      batch.fail(new LookUpUnavailable(`the database did not answer within ${LOOKUP_TIMEOUT_MS} ms`));
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

/** The committed state of the key with this token hash (32 bytes as a binary string), or null; confirmed by the database for every call. */
export function lookUpKey(tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash);
}

/**
 * The same on behalf of the caller with the token hash `askedBy`, which is looked up in the same turn or was before. A key
 * of another team takes the same statements as an unknown token, so that timing doesn't reveal which of the two it is.
 */
export function lookUpKeyFor(askedBy: string, tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash, askedBy);
}

/** Rejects unless the database is proven to be the primary; for readiness. */
export async function confirmPrimary(pool = lookupPool): Promise<void> {
  await askPrimary(pool, FIND_VERSIONS, "{}");
}

/**
 * Finds the committed state of each key and its holder. A cached key is used only if the team's version, which is read
 * every time, is still the one it was read under: the database renews it in the same commit as any change to the team's
 * keys, members, users, roles or policy. So no fact is used that the database didn't just confirm. Rejects if the database
 * can't be queried.
 */
async function readKeys(lookUps: LookUps): Promise<void> {
  const unread = await confirmCachedKeys(lookUps);
  if (unread.length === 0) return;
  const found = await readUnknownKeys(unread, lookUps);
  for (const [hash, key] of found) {
    const lookUp = lookUps.get(hash);
    if (!lookUp) continue;
    lookUp.found = key;
    cachedKeys.set(hash, key);
  }
}

/**
 * Returns the hashes of the keys that must be read: not cached, or cached under another version. If an eighth isn't cached,
 * returns all: one statement for all takes less time than two in a row.
 */
async function confirmCachedKeys(lookUps: LookUps): Promise<string[]> {
  const teamIds = new Set<string>();
  const unread: string[] = [];
  for (const [hash, lookUp] of lookUps) {
    lookUp.cached = cachedKeys.get(hash);
    const { cached, askedBy } = lookUp;
    if (cached && askedBy !== undefined && isOfOtherTeam(cached, cachedKeys.get(askedBy))) lookUp.cached = undefined;
    if (lookUp.cached) teamIds.add(lookUp.cached.holder.team.id);
    else unread.push(hash);
  }
  if (8 * unread.length >= lookUps.size) return [...lookUps.keys()];
  const { rows, nowMs } = await askPrimary<VersionRow>(lookupPool, FIND_VERSIONS, `{${[...teamIds].join(",")}}`);
  const versions = new Map(rows);
  for (const [hash, lookUp] of lookUps) {
    if (!lookUp.cached) continue;
    const { team, accessVersion } = lookUp.cached.holder;
    if (versions.get(team.id) === accessVersion) {
      lookUp.found = lookUp.cached;
      lookUp.found.asOfMs = nowMs;
    } else unread.push(hash);
  }
  return unread;
}

type FoundKeys = [hash: string, key: VerifiedKey][];

/** Reads keys. Those whose holder isn't cached under the key's version are read again together with it. */
async function readUnknownKeys(hashes: string[], lookUps: LookUps): Promise<FoundKeys> {
  const { rows, nowMs } = await askPrimary<KeyRow>(lookupPool, FIND_KEYS, byteaArray(hashes));
  const found: FoundKeys = [];
  const withoutHolder: string[] = [];
  for (const row of rows) {
    const hash = hashOf(row);
    const holder = knownHolders.get(row[9]);
    if (holder?.accessVersion === row[10]) found.push([hash, keyOf(row, holder, nowMs)]);
    else withoutHolder.push(hash);
  }
  hideOtherTeams(withoutHolder, found, hashes, lookUps);
  return withoutHolder.length === 0 ? found : found.concat(await readKeysAndHolders(withoutHolder));
}

const UNKNOWN_HASH = "\0".repeat(32);

/**
 * A key of another team may need the second statement, an unknown token never does. So the second statement is always sent
 * for both, with the hash of no token if nothing is left to read.
 */
function hideOtherTeams(withoutHolder: string[], found: FoundKeys, hashes: string[], lookUps: LookUps): void {
  let known: Map<string, VerifiedKey> | undefined;
  for (const hash of hashes) {
    const askedBy = lookUps.get(hash)?.askedBy;
    if (askedBy === undefined) continue;
    known ??= new Map(found);
    const key = known.get(hash);
    const isOwn = key && !isOfOtherTeam(key, known.get(askedBy) ?? cachedKeys.get(askedBy));
    if (!isOwn && !withoutHolder.includes(hash)) withoutHolder.push(UNKNOWN_HASH);
  }
}

const isOfOtherTeam = (key: VerifiedKey, asker: VerifiedKey | undefined) =>
  key.holder.team.id !== asker?.holder.team.id;

/** Keys and their holders, from one snapshot. */
async function readKeysAndHolders(hashes: string[]): Promise<FoundKeys> {
  const { rows, nowMs } = await askPrimary<KeyAndHolderRow>(lookupPool, FIND_KEYS_AND_HOLDERS, byteaArray(hashes));
  return rows.map((row) => {
    const holder = holderOf(row);
    if (knownHolders.size >= MAX_HOLDERS) knownHolders.clear();
    knownHolders.set(row[9], holder);
    return [hashOf(row), keyOf(row, holder, nowMs)];
  });
}

/** Each row contains its hash, so that a key can only answer for its own token. From PostgreSQL's text form of `bytea`. */
const hashOf = (row: KeyRow | KeyAndHolderRow) => Buffer.from(row[0].slice(2), "hex").toString("latin1");

/** PostgreSQL's text form of an array of `bytea`. */
function byteaArray(hashes: string[]): string {
  return `{${hashes.map((hash) => `"\\\\x${Buffer.from(hash, "latin1").toString("hex")}"`).join(",")}}`;
}
