import "server-only";
import { setTimeout } from "node:timers/promises";
import PQueue from "p-queue";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** argon2 runs on libuv's threads, of which there are four: the others stay free for cookies, DNS and files. */
const AT_ONCE = 2;
const MAX_WAITING = 40;
/**
 * After each job of anybody's its place rests so many times as long as the job took. A sign-in costs the server more than
 * its hash: without a rest, as many as can be hashed take all of the processor, and the pages of those who are signed in
 * wait behind them. On a busy machine a hash takes longer, and so does the rest.
 */
const REST_FACTOR = 9;
const MAX_REST_MS = 2_000;
/** How long a full queue takes to make room, and what the caller is asked to wait. */
export const FULL_QUEUE_RETRY_SECONDS = 5;

/**
 * Who waits: somebody signed in or in a browser they signed in with before, or anybody. The known go first and have room
 * of their own, so that a flood of sign-ins from elsewhere doesn't keep them out.
 */
export type Lane = "known" | "anybody";

const KNOWN = { priority: 1 };

const queue = processWide("hash-queue", () => new PQueue({ concurrency: AT_ONCE }));

/** Where anybody waits for a turn in that queue. */
const anybody = processWide("hash-queue-of-anybody", () => new PQueue({ concurrency: AT_ONCE }));

/** Thrown where a password can't be looked at because too many others wait. */
export class HashQueueFull extends AppError {
  constructor() {
    super("limit_reached", "Too many passwords are being checked right now. Try again in a few seconds.");
  }
}

/** Whether nobody else may wait. Asked before anything is counted or stored for the attempt. */
export function isHashQueueFull(lane: Lane): boolean {
  return (lane === "known" ? queue.sizeBy(KNOWN) : anybody.size) >= MAX_WAITING;
}

/**
 * Runs `job` when it is its turn: two at once in this process, and anybody's with rests between them. Rejects with
 * {@link HashQueueFull}.
 */
export function inHashQueue<Result>(lane: Lane, job: () => Promise<Result>): Promise<Result> {
  if (isHashQueueFull(lane)) return Promise.reject(new HashQueueFull());
  if (lane === "known") return queue.add(job, KNOWN);
  return new Promise((resolve, reject) => {
    anybody.add(async () => {
      const started = performance.now();
      await queue.add(job).then(resolve, reject);
      await setTimeout(Math.min((performance.now() - started) * REST_FACTOR, MAX_REST_MS));
    });
  });
}
