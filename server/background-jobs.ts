import { recordRepeatedRefusals } from "../lib/audit/record-repeated-refusals.ts";
import { compactHours } from "../lib/calls/compact-hours.ts";
import { deleteOldRecords } from "../lib/calls/delete-old-records.ts";
import { log } from "../lib/log.ts";
import { NOTICE_JOBS } from "../lib/notices/notice-jobs.ts";
import { deleteOutdated } from "../lib/rest/delete-outdated.ts";
import { onShutdown } from "../lib/shutdown.ts";

/** Scheduled jobs of a console. Several consoles can run a job at the same time; each job handles that itself. */
interface Schedule {
  firstMs: number;
  everyMs: number;
  /** Run sequentially. */
  jobs: Record<string, () => Promise<unknown>>;
}

const HOUR_MS = 3_600_000;

const SCHEDULES: Schedule[] = [
  {
    firstMs: 60_000,
    everyMs: HOUR_MS,
    jobs: { compactHours, deleteOldRecords, deleteOutdated, ...NOTICE_JOBS },
  },
  { firstMs: 15_000, everyMs: 15_000, jobs: { recordRepeatedRefusals } },
];

/** Runs the jobs until shutdown. A failed job is logged and runs again at its next time. */
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
