import "server-only";

type Options<Item> = {
  /** Maximum number of buffered items; further ones are dropped. */
  capacity: number;
  intervalMs: number;
  /** Whether to flush now, given the number of items and the oldest one's age. Called once per interval; default: always. */
  isDue?: (items: number, waitedMs: number) => boolean;
  idOf: (item: Item) => string;
  /** Adds an item whose write failed to a later one with the same id. */
  merge: (into: Item, from: Item) => void;
  /** Writes items and returns those to retry. Must not throw. */
  write: (items: Item[]) => Promise<Item[]>;
  /** Called for an item dropped because the buffer is full. */
  onDrop: (item: Item) => void;
};

/**
 * A bounded write-behind buffer: collects items by id in memory and writes them in batches, so that no request waits for
 * the database. Failed writes are retried with the next flush.
 */
export class WriteBehind<Item> {
  private pending = new Map<string, Item>();
  /** When the oldest pending item was added, and the oldest of those being written. */
  private pendingSinceMs = Number.POSITIVE_INFINITY;
  private writingSinceMs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: Options<Item>) {}

  /** A pending item, which the caller may update in place. */
  find(id: string): Item | undefined {
    return this.pending.get(id);
  }

  /** Adds an item whose id is not pending. Drops it and returns false if the buffer is full. */
  add(id: string, item: Item): boolean {
    if (this.pending.size >= this.options.capacity) {
      this.options.onDrop(item);
      return false;
    }
    if (this.pending.size === 0) this.pendingSinceMs = performance.now();
    this.pending.set(id, item);
    this.schedule();
    return true;
  }

  /** Writes all pending items, after any write in progress. Never rejects. */
  async flush(): Promise<void> {
    // A slow database must not get concurrent writes.
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.writePending().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  /** Age of the oldest item not written yet; 0 if there is none. */
  lagMs(): number {
    return Math.max(0, performance.now() - Math.min(this.pendingSinceMs, this.writingSinceMs));
  }

  private schedule(): void {
    // Shutdown flushes anyway, so the timer needn't keep the process alive.
    this.timer ??= setTimeout(() => this.writeIfDue(), this.options.intervalMs).unref();
  }

  private writeIfDue(): void {
    this.timer = undefined;
    const { isDue } = this.options;
    if (!isDue || isDue(this.pending.size, performance.now() - this.pendingSinceMs)) void this.flush();
    else this.schedule();
  }

  private async writePending(): Promise<void> {
    if (this.pending.size === 0) return;
    const items = [...this.pending.values()];
    this.pending = new Map();
    this.writingSinceMs = this.pendingSinceMs;
    this.pendingSinceMs = Number.POSITIVE_INFINITY;
    const left = await this.options.write(items);
    for (const item of left) this.putBack(item);
    if (left.length > 0) this.pendingSinceMs = Math.min(this.pendingSinceMs, this.writingSinceMs);
    this.writingSinceMs = Number.POSITIVE_INFINITY;
  }

  private putBack(item: Item): void {
    const id = this.options.idOf(item);
    const newer = this.pending.get(id);
    if (newer) this.options.merge(newer, item);
    else this.add(id, item);
  }
}
