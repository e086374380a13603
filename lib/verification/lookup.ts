import "server-only";
import { preparedStatement, runPrepared } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { BATCHES_IN_FLIGHT, lookupPool } from "@/lib/verification/connections";
import { knownHolder, rememberHolder } from "@/lib/verification/holders";
import {
  AS_TEXT,
  type KeyAndHolderRow,
  type KeyRow,
  SELECT_KEYS,
  SELECT_KEYS_AND_HOLDERS,
  type VerifiedKey,
  verifiedKey,
} from "@/lib/verification/key-row";
import { metrics } from "@/lib/verification/metrics";

/** From asking to answer or failure. A gateway that waits longer than a second has given up. */
const PATIENCE_MS = 800;
const MAX_BATCH_KEYS = 500;
/** Beyond this the database has fallen behind for good: who comes now is told at once. */
const MAX_WAITING_BATCHES = 20;

const AS_IT_COMES = { types: AS_TEXT, rowMode: "array" } as const;
const FIND_KEYS = preparedStatement("keys", SELECT_KEYS, AS_IT_COMES);
const FIND_KEYS_AND_HOLDERS = preparedStatement("keys-and-holders", SELECT_KEYS_AND_HOLDERS, AS_IT_COMES);

type Found = VerifiedKey | null;
type LookUp = { promise: Promise<Found>; resolve: (found: Found) => void; reject: (error: Error) => void };
type Batch = { lookUps: Map<string, LookUp>; timer: NodeJS.Timeout };

/** The database did not answer in time, or too much is waiting for it. */
export class LookUpUnavailable extends Error {}

/**
 * Gathers the look-ups of one turn of the event loop into one statement. A batch takes no more
 * look-ups once it has been sent: its snapshot may be older than a revocation that the late
 * request must see. The same key asked for twice before sending is looked up once.
 */
class KeyLookup {
  private readonly waiting: Batch[] = [];
  private inFlight = 0;
  private isScheduled = false;

  /** The key with this token hash (hexadecimal SHA-256). Rejects within a second when the database can't say. */
  find(tokenHash: string): Promise<Found> {
    const batch = this.openBatch();
    if (!batch) return Promise.reject(new LookUpUnavailable("too many look-ups are waiting"));
    const known = batch.lookUps.get(tokenHash);
    if (known) return known.promise;
    const lookUp = deferred();
    batch.lookUps.set(tokenHash, lookUp);
    this.schedule();
    return lookUp.promise;
  }

  private openBatch(): Batch | null {
    const last = this.waiting.at(-1);
    if (last && last.lookUps.size < MAX_BATCH_KEYS) return last;
    if (this.waiting.length >= MAX_WAITING_BATCHES) return null;
    const batch: Batch = { lookUps: new Map(), timer: setTimeout(() => this.giveUp(batch), PATIENCE_MS) };
    this.waiting.push(batch);
    return batch;
  }

  /** Only after this turn: what else has arrived on other sockets joins the batch. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.send();
    });
  }

  private send(): void {
    while (this.inFlight < BATCHES_IN_FLIGHT) {
      const batch = this.waiting.shift();
      if (!batch) return;
      this.inFlight++;
      void this.ask(batch);
    }
  }

  private async ask({ lookUps, timer }: Batch): Promise<void> {
    metrics.batchSize(lookUps.size);
    try {
      const rows = await this.findKeys(lookUps);
      const strangers = resolveKnown(rows, lookUps);
      if (strangers.length > 0) await this.resolveStrangers(strangers, lookUps);
      for (const lookUp of lookUps.values()) lookUp.resolve(null);
    } catch (error) {
      for (const lookUp of lookUps.values()) lookUp.reject(error as Error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next batch is put on the wire before this one is answered: the database works while we write. */
  private async findKeys(lookUps: Batch["lookUps"]): Promise<KeyRow[]> {
    try {
      return await runPrepared<KeyRow>(lookupPool, FIND_KEYS, [byteaArray(lookUps.keys())]);
    } finally {
      this.inFlight--;
      this.send();
    }
  }

  /** These keys are read again together with their holders: both from one snapshot. */
  private async resolveStrangers(hashes: string[], lookUps: Batch["lookUps"]): Promise<void> {
    const rows = await runPrepared<KeyAndHolderRow>(lookupPool, FIND_KEYS_AND_HOLDERS, [byteaArray(hashes)]);
    for (const row of rows) lookUps.get(row[0].slice(2))?.resolve(verifiedKey(row, rememberHolder(row)));
  }

  /** Also for a batch on the wire: its statement ends by its own timeout, but nobody waits for it any more. */
  private giveUp(batch: Batch): void {
    const place = this.waiting.indexOf(batch);
    if (place >= 0) this.waiting.splice(place, 1);
    const error = new LookUpUnavailable(`the database did not answer within ${PATIENCE_MS} ms`);
    for (const lookUp of batch.lookUps.values()) lookUp.reject(error);
  }
}

/** Resolves the keys whose holders are known under their team's version; returns the hashes of the others. */
function resolveKnown(rows: KeyRow[], lookUps: Batch["lookUps"]): string[] {
  const strangers: string[] = [];
  for (const row of rows) {
    const tokenHash = row[0].slice(2);
    const holder = knownHolder(row);
    if (holder) lookUps.get(tokenHash)?.resolve(verifiedKey(row, holder));
    else strangers.push(tokenHash);
  }
  return strangers;
}

function deferred(): LookUp {
  const lookUp = {} as LookUp;
  lookUp.promise = new Promise((resolve, reject) => {
    lookUp.resolve = resolve;
    lookUp.reject = reject;
  });
  return lookUp;
}

/** PostgreSQL's text form of an array of `bytea`. */
function byteaArray(hashes: Iterable<string>): string {
  return `{"\\\\x${[...hashes].join('","\\\\x')}"}`;
}

const lookup = processWide("keyLookup", () => new KeyLookup());

/** The committed state of the key with this token hash (hexadecimal SHA-256), or null. Nothing is cached. */
export function lookUpKey(tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash);
}
