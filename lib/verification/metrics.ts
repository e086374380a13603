import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { processWide } from "@/lib/process-wide";

/** The endpoint that made a decision; `handler` is an API route of the console. */
export type EndpointName = "me" | "introspect" | "verify" | "forward-auth" | "handler";

/** Records that are dropped when a buffer or a rate limit is exhausted. */
type Droppable = "refusal" | "key" | "address" | "scope";

const LATENCY_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 500];

/** Metrics of this process alone: Prometheus scrapes each instance. */
class VerificationMetrics {
  readonly registry = new Registry();
  private readonly tallies = new Map<EndpointName, Map<string, number>>();
  private readonly decisions = new Counter({
    name: "latchkey_decisions_total",
    help: "Decisions by endpoint and code. unavailable: the database didn't respond; failed: an internal error.",
    labelNames: ["endpoint", "code"],
    registers: [this.registry],
    // Tallied cheaply on the hot path and added here at each scrape.
    collect: () => this.addTallies(),
  });
  private readonly throttled = new Counter({
    name: "latchkey_throttled_total",
    help: "Failed attempts denied with 429 because their IP address made too many.",
    registers: [this.registry],
  });
  private readonly latency = new Histogram({
    name: "latchkey_endpoint_seconds",
    help: "Time from a request's head to its response, by endpoint.",
    labelNames: ["endpoint"],
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
    help: "Age of the oldest unwritten call; 0 if none is pending.",
    registers: [this.registry],
    collect: () => this.lag.set(this.readLagMs() / 1_000),
  });
  private readonly notCounted = new Counter({
    name: "latchkey_usage_not_counted_total",
    help: "Calls missing from the counts because the buffer was full.",
    registers: [this.registry],
  });
  private readonly dropped = { refusal: 0, key: 0, address: 0, scope: 0 };
  private readonly droppedCounter = new Counter({
    name: "latchkey_not_kept_total",
    help: "Records dropped because a limit was reached: denied requests, and IP addresses and scopes of keys.",
    labelNames: ["what"],
    registers: [this.registry],
    collect: () => this.addTallies(),
  });
  private readLagMs = () => 0;
  private clockSkewSeconds: number | undefined;
  private readonly latencyOf = new Map<EndpointName, (seconds: number) => void>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const skew = () => this.clockSkewSeconds;
    new Gauge({
      name: "latchkey_clock_skew_seconds",
      help: "How far this machine's clock is ahead of the database's (negative: behind), beyond the query's round trip.",
      registers: [this.registry],
      collect() {
        const seconds = skew();
        if (seconds !== undefined) this.set(seconds);
      },
    });
  }

  decided(endpoint: EndpointName, code: string): void {
    const codes = this.tallies.get(endpoint);
    if (codes) codes.set(code, (codes.get(code) ?? 0) + 1);
    else this.tallies.set(endpoint, new Map([[code, 1]]));
  }

  answered(endpoint: EndpointName, seconds: number): void {
    const observe = this.latencyOf.get(endpoint) ?? this.latency.labels(endpoint).observe;
    this.latencyOf.set(endpoint, observe);
    observe(seconds);
  }

  attemptThrottled(): void {
    this.throttled.inc();
  }

  batchSize(keys: number): void {
    this.batches.observe(keys);
  }

  /** Read at each scrape, so that the lag also grows while nothing can be written. */
  watchFlushLag(readMs: () => number): void {
    this.readLagMs = readMs;
  }

  clockSkew(seconds: number): void {
    this.clockSkewSeconds = seconds;
  }

  callsNotCounted(count: number): void {
    this.notCounted.inc(count);
  }

  recordDropped(what: Droppable): void {
    this.dropped[what]++;
  }

  /** Adds a gauge that is read at each scrape, e.g. of a pool's connections. */
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

  private addTallies(): void {
    for (const [endpoint, codes] of this.tallies) {
      for (const [code, count] of codes) this.decisions.inc({ endpoint, code }, count);
      codes.clear();
    }
    for (const what of Object.keys(this.dropped) as Droppable[]) {
      this.droppedCounter.inc({ what }, this.dropped[what]);
      this.dropped[what] = 0;
    }
  }
}

export const metrics = processWide("verificationMetrics", () => new VerificationMetrics());
