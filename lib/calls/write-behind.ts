import "server-only";

type Options<Item> = {
  /** Items that may wait; further ones are dropped. */
  capacity: number;
  intervalMs: number;
  /** Whether to write so many items now, the oldest of which has waited so long. Asked once an interval; by default always. */
  isDue?: (items: number, waitedMs: number) => boolean;
  idOf: (item: Item) => string;
  /** Adds an item that could not be written to a later one with the same id. */
  merge: (into: Item, from: Item) => void;
  /** Writes items and returns those to try again. Must not throw. */
  write: (items: Item[]) => Promise<Item[]>;
  /** An item was lost, because too many are waiting. */
  onDrop: (item: Item) => void;
};

/**
 * A bounded write-behind buffer: collects items by id in memory and writes them in batches, so that no request waits for
 * the database. What could not be written is kept for the next time.
 */
export class WriteBehind<Item> {
  private pending = new Map<string, Item>();
  /** Since when the oldest pending item waits, and the oldest of those that are being written. */
  private pendingSinceMs = Number.POSITIVE_INFINITY;
  private writingSinceMs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: Options<Item>) {}

  /** A pending item, to be added to in place. */
  find(id: string): Item | undefined {
    return this.pending.get(id);
  }

  /** Adds an item whose id is not pending. False, and the item is dropped, when there is no room. */
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

  /** Writes what is pending, after a write that is running. Never rejects. */
  async flush(): Promise<void> {
    // A slow database gets no second write on top of the first.
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.writePending().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  /** How long the oldest item that isn't written yet has waited; 0 when none waits. */
  lagMs(): number {
    return Math.max(0, performance.now() - Math.min(this.pendingSinceMs, this.writingSinceMs));
  }

  private schedule(): void {
    // Shutting down flushes: the process need not stay for this.
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
