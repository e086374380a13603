import "server-only";
import { processWide } from "@/lib/process-wide";
import { BATCHES_IN_FLIGHT } from "@/lib/verification/connections";
import { metrics } from "@/lib/verification/metrics";
import { readKeys } from "@/lib/verification/read-keys";
import type { VerifiedKey } from "@/lib/verification/verified-key";

/** From asking to answer or failure. A gateway that waits longer than a second has given up. */
const PATIENCE_MS = 800;
const MAX_BATCH_KEYS = 500;
/** Beyond this the database has fallen behind for good: who comes now is told at once. */
const MAX_WAITING_BATCHES = 20;

type Found = VerifiedKey | null;
type LookUp = {
  found: Found;
  promise: Promise<Found>;
  resolve: (found: Found) => void;
  reject: (error: Error) => void;
};
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

  /** The key with this token hash (the 32 bytes of the SHA-256 as a binary string). Rejects within a second when the database can't say. */
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
    const failure = await readKeys(lookUps).catch((error: Error) => error);
    clearTimeout(timer);
    // The next batch is put on the wire before this one is answered: the database works while we write.
    this.inFlight--;
    this.send();
    for (const lookUp of lookUps.values()) {
      if (failure) lookUp.reject(failure);
      else lookUp.resolve(lookUp.found);
    }
  }

  /**
   * Also for a batch on the wire: its statement ends by its own timeout, but nobody waits for it any more. Only after
   * what has arrived was read: this process may have been busy with a page for as long, and the answer be there.
   */
  private giveUp(batch: Batch): void {
    setImmediate(() => {
      const place = this.waiting.indexOf(batch);
      if (place >= 0) this.waiting.splice(place, 1);
      const error = new LookUpUnavailable(`the database did not answer within ${PATIENCE_MS} ms`);
      for (const lookUp of batch.lookUps.values()) lookUp.reject(error);
    });
  }
}

function deferred(): LookUp {
  const lookUp = { found: null } as LookUp;
  lookUp.promise = new Promise((resolve, reject) => {
    lookUp.resolve = resolve;
    lookUp.reject = reject;
  });
  return lookUp;
}

const lookup = processWide("keyLookup", () => new KeyLookup());

/** The committed state of the key with this token hash (the 32 bytes of the SHA-256 as a binary string), or null: asked of the database for every call. */
export function lookUpKey(tokenHash: string): Promise<VerifiedKey | null> {
  return lookup.find(tokenHash);
}
