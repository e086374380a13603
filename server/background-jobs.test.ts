import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runShutdownHooks } from "../lib/shutdown.ts";
import { startBackgroundJobs } from "./background-jobs.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(async () => {
  await runShutdownHooks();
  vi.useRealTimers();
});

test("jobs run one after the other, first after a while and then again and again, also after one failed", async () => {
  const ran: string[] = [];
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    ran.push("slow");
  };
  const failing = () => Promise.reject(new Error("no database"));
  const last = async () => void ran.push("last");
  startBackgroundJobs([{ firstMs: 100, everyMs: 1_000, jobs: { slow, failing, last } }]);
  await vi.advanceTimersByTimeAsync(99);
  expect(ran).toEqual([]);
  await vi.advanceTimersByTimeAsync(20);
  expect(ran).toEqual(["slow", "last"]);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(ran).toEqual(["slow", "last", "slow", "last", "slow", "last"]);
});

test("no job begins once the process stops", async () => {
  const job = vi.fn(async () => {});
  startBackgroundJobs([{ firstMs: 100, everyMs: 100, jobs: { job } }]);
  await runShutdownHooks();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(job).not.toHaveBeenCalled();
});
