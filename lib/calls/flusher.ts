import "server-only";

/** Runs `write` within a time of being told that something waits to be written, and one run after the other. */
export class Flusher {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  /** `write` takes what is pending before it first waits. */
  constructor(
    private readonly intervalMs: number,
    private readonly write: () => Promise<void>,
  ) {}

  schedule(): void {
    // Shutting down flushes by itself: nobody has to stay for this.
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs).unref();
  }

  async flush(): Promise<void> {
    // A slow database gets no second flush on top of the first.
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.write().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }
}
