import { recordRepeatedRefusals } from "../lib/audit/record-repeated-refusals.ts";
import { compactHours } from "../lib/calls/compact-hours.ts";
import { deleteOldRecords } from "../lib/calls/delete-old-records.ts";
import { log } from "../lib/log.ts";
import { sendExpiryReminders } from "../lib/notices/expiry-reminders.ts";
import { deleteOutdated } from "../lib/rest/delete-outdated.ts";
import { onShutdown } from "../lib/shutdown.ts";

/** What a console does unasked. Several consoles may run any of it at once: each job sees to that itself. */
interface Schedule {
  firstMs: number;
  everyMs: number;
  /** One after the other. */
  jobs: Record<string, () => Promise<unknown>>;
}

const HOUR_MS = 3_600_000;

const SCHEDULES: Schedule[] = [
  {
    firstMs: 60_000,
    everyMs: HOUR_MS,
    jobs: { compactHours, deleteOldRecords, deleteOutdated, sendExpiryReminders },
  },
  { firstMs: 15_000, everyMs: 15_000, jobs: { recordRepeatedRefusals } },
];

/** Runs the jobs for as long as the process lives. One that fails is logged, and tried again when its time comes. */
export function startBackgroundJobs(schedules = SCHEDULES): void {
  const timers = schedules.map(({ firstMs, everyMs, jobs }) => {
    let timer: NodeJS.Timeout | undefined;
    const wait = (ms: number) => {
      timer = setTimeout(async () => {
        await runAll(jobs);
        wait(everyMs);
      }, ms).unref();
    };
    wait(firstMs);
    return () => clearTimeout(timer);
  });
  onShutdown(async () => {
    for (const stop of timers) stop();
  });
}

async function runAll(jobs: Schedule["jobs"]): Promise<void> {
  for (const [job, run] of Object.entries(jobs)) {
    await run().catch((error: unknown) => log.warn({ job, err: String(error) }, "background job failed"));
  }
}
