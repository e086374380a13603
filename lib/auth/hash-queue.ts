import "server-only";
import { setTimeout } from "node:timers/promises";
import PQueue from "p-queue";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** argon2 runs on libuv's four threads; the others stay free for cookies, DNS and files. */
const CONCURRENCY = 2;
const MAX_WAITING = 40;
/**
 * After a job of an unknown client, its slot pauses for this many times the job's duration. A sign-in costs more than
 * its hash: without pauses, sign-ins would take all CPU time and delay the pages of signed-in users. On a busy machine
 * a hash takes longer, and so does the pause.
 */
const PAUSE_FACTOR = 9;
const MAX_PAUSE_MS = 2_000;
/** About the time a full queue needs to make room; sent as Retry-After. */
export const FULL_QUEUE_RETRY_SECONDS = 5;

/**
 * `known`: signed in, or in a browser that has signed in to the account before. Known clients go first and have their
 * own places, so that a flood of sign-ins doesn't lock them out.
 */
export type Lane = "known" | "unknown";

const KNOWN = { priority: 1 };

const queue = processWide("hash-queue", () => new PQueue({ concurrency: CONCURRENCY }));

/** Limits unknown clients before they enter the main queue. */
const unknownQueue = processWide("hash-queue-unknown", () => new PQueue({ concurrency: CONCURRENCY }));

/** Thrown if a password can't be checked because too many others are waiting. */
export class HashQueueFull extends AppError {
  constructor() {
    super("limit_reached", "Too many passwords are being checked right now. Try again in a few seconds.");
  }
}

/** Whether the queue accepts no more jobs. Check this before counting or storing anything for an attempt. */
export function isHashQueueFull(lane: Lane): boolean {
  return (lane === "known" ? queue.sizeBy(KNOWN) : unknownQueue.size) >= MAX_WAITING;
}

/**
 * Runs `job` in turn: at most two at a time per process, with pauses after those of unknown clients. Rejects with
 * {@link HashQueueFull}.
 */
export function inHashQueue<Result>(lane: Lane, job: () => Promise<Result>): Promise<Result> {
  if (isHashQueueFull(lane)) return Promise.reject(new HashQueueFull());
  if (lane === "known") return queue.add(job, KNOWN);
  return new Promise((resolve, reject) => {
    unknownQueue.add(async () => {
      const started = performance.now();
      await queue.add(job).then(resolve, reject);
      await setTimeout(Math.min((performance.now() - started) * PAUSE_FACTOR, MAX_PAUSE_MS));
    });
  });
}
