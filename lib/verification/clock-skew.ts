import "server-only";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { metrics } from "@/lib/verification/metrics";

const WORTH_TELLING_MS = 5_000;
/** Below which it is over: a clock at the limit would be told of again and again. */
const OVER_MS = 4_000;

/** How far this machine's clock is from the database's. It decides nothing, but logs, screens and mails show its time. */
class ClockSkew {
  private isTold = false;

  /** The database's time was read between two moments of ours; epoch milliseconds. What lies between them is no skew. */
  note(databaseMs: number, earliestMs: number, latestMs: number): void {
    const skewMs = Math.max(0, earliestMs - databaseMs) + Math.min(0, latestMs - databaseMs);
    metrics.clockSkew(skewMs / 1_000);
    const isFar = Math.abs(skewMs) > (this.isTold ? OVER_MS : WORTH_TELLING_MS);
    if (isFar === this.isTold) return;
    this.isTold = isFar;
    const fields = { skewSeconds: skewMs / 1_000 };
    if (isFar) log.warn(fields, "this machine's clock differs from the database's: set it by NTP");
    else log.info(fields, "this machine's clock agrees with the database's again");
  }
}

export const clockSkew = processWide("clockSkew", () => new ClockSkew());
