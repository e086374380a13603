import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { processWide } from "@/lib/process-wide";

/** Where a decision was asked for. */
export type Door = "me" | "introspect" | "verify" | "forward-auth" | "handler";

/** What there may be no room for. */
type NotKept = "refusal" | "key" | "address" | "scope";

const LATENCY_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 500];

/** What Prometheus scrapes. Numbers of this process alone: every instance is scraped by itself. */
class VerificationMetrics {
  readonly registry = new Registry();
  private readonly tallies = new Map<Door, Map<string, number>>();
  private readonly decisions = new Counter({
    name: "latchkey_decisions_total",
    help: "Decisions by door and code; unavailable means that the database could not say, failed that Latchkey itself made a mistake.",
    labelNames: ["door", "code"],
    registers: [this.registry],
    // Counted plainly on the hot path and handed over when somebody asks.
    collect: () => this.handOver(),
  });
  private readonly throttled = new Counter({
    name: "latchkey_throttled_total",
    help: "Failed attempts answered with 429 because their address had made too many.",
    registers: [this.registry],
  });
  private readonly latency = new Histogram({
    name: "latchkey_door_seconds",
    help: "Time from a request's head to its answer, by door.",
    labelNames: ["door"],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers: [this.registry],
  });
  private readonly batches = new Histogram({
    name: "latchkey_lookup_batch_keys",
    help: "Keys looked up in one statement.",
    buckets: BATCH_BUCKETS,
    registers: [this.registry],
  });
  private readonly lag: Gauge = new Gauge({
    name: "latchkey_usage_flush_lag_seconds",
    help: "How long the oldest call that isn't written yet has waited; 0 when none waits.",
    registers: [this.registry],
    collect: () => this.lag.set(this.readLagMs() / 1_000),
  });
  private readonly notCounted = new Counter({
    name: "latchkey_usage_not_counted_total",
    help: "Calls left out of the counts because too many keys were waiting to be written.",
    registers: [this.registry],
  });
  private readonly leftOut = { refusal: 0, key: 0, address: 0, scope: 0 };
  private readonly notKeptCounter = new Counter({
    name: "latchkey_not_kept_total",
    help: "What wasn't written down for want of room: of single refusals, and of the addresses and scopes of keys.",
    labelNames: ["what"],
    registers: [this.registry],
    collect: () => this.handOver(),
  });
  private readLagMs = () => 0;
  private clockSkewSeconds: number | undefined;
  private readonly latencyOf = new Map<Door, (seconds: number) => void>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const skew = () => this.clockSkewSeconds;
    new Gauge({
      name: "latchkey_clock_skew_seconds",
      help: "How far this machine's clock is ahead of the database's (negative: behind), beyond the time that asking takes.",
      registers: [this.registry],
      collect() {
        const seconds = skew();
        if (seconds !== undefined) this.set(seconds);
      },
    });
  }

  decided(door: Door, code: string): void {
    const codes = this.tallies.get(door);
    if (codes) codes.set(code, (codes.get(code) ?? 0) + 1);
    else this.tallies.set(door, new Map([[code, 1]]));
  }

  answered(door: Door, seconds: number): void {
    const observe = this.latencyOf.get(door) ?? this.latency.labels(door).observe;
    this.latencyOf.set(door, observe);
    observe(seconds);
  }

  attemptThrottled(): void {
    this.throttled.inc();
  }

  batchSize(keys: number): void {
    this.batches.observe(keys);
  }

  /** Read when somebody asks, so that the lag also grows while nothing can be written. */
  watchFlushLag(readMs: () => number): void {
    this.readLagMs = readMs;
  }

  clockSkew(seconds: number): void {
    this.clockSkewSeconds = seconds;
  }

  callsNotCounted(count: number): void {
    this.notCounted.inc(count);
  }

  notKept(what: NotKept): void {
    this.leftOut[what]++;
  }

  /** Adds a gauge that is read when somebody asks, e.g. of a pool's connections. */
  watch(name: string, help: string, read: () => Record<string, number>): void {
    new Gauge({
      name,
      help,
      labelNames: ["state"],
      registers: [this.registry],
      collect() {
        for (const [state, value] of Object.entries(read())) this.set({ state }, value);
      },
    });
  }

  private handOver(): void {
    for (const [door, codes] of this.tallies) {
      for (const [code, count] of codes) this.decisions.inc({ door, code }, count);
      codes.clear();
    }
    for (const what of Object.keys(this.leftOut) as NotKept[]) {
      this.notKeptCounter.inc({ what }, this.leftOut[what]);
      this.leftOut[what] = 0;
    }
  }
}

export const metrics = processWide("verificationMetrics", () => new VerificationMetrics());
