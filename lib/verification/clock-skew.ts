import "server-only";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { metrics } from "@/lib/verification/metrics";

const WARN_ABOVE_MS = 5_000;
/** Lower than the warning threshold, so that a clock close to it isn't logged again and again. */
const RECOVERED_BELOW_MS = 4_000;

/** Warns when this machine's clock differs from the database's. No decision uses it, but logs, screens and mails do. */
class ClockSkew {
  private isLogged = false;

  /** The database read its clock between `earliestMs` and `latestMs` of ours (epoch milliseconds); that span is not skew. */
  note(databaseMs: number, earliestMs: number, latestMs: number): void {
    const skewMs = Math.max(0, earliestMs - databaseMs) + Math.min(0, latestMs - databaseMs);
    metrics.clockSkew(skewMs / 1_000);
    const isFar = Math.abs(skewMs) > (this.isLogged ? RECOVERED_BELOW_MS : WARN_ABOVE_MS);
    if (isFar === this.isLogged) return;
    this.isLogged = isFar;
    const fields = { skewSeconds: skewMs / 1_000 };
    if (isFar) log.warn(fields, "this machine's clock differs from the database's: set it by NTP");
    else log.info(fields, "this machine's clock agrees with the database's again");
  }
}

export const clockSkew = processWide("clockSkew", () => new ClockSkew());
