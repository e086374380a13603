import "server-only";
import PQueue from "p-queue";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** argon2 runs on libuv's threads, of which there are four: the others stay free for cookies, DNS and files. */
const AT_ONCE = 2;
const MAX_WAITING = 40;
/** How long a full queue takes to make room, and what the caller is asked to wait. */
export const FULL_QUEUE_RETRY_SECONDS = 5;

/**
 * Who waits: somebody signed in or in a browser they signed in with before, or anybody. The known go first and have room
 * of their own, so that a flood of sign-ins from elsewhere doesn't keep them out.
 */
export type Lane = "known" | "anybody";

const PRIORITY: Record<Lane, number> = { anybody: 0, known: 1 };

const queue = processWide("hash-queue", () => new PQueue({ concurrency: AT_ONCE }));

/** Thrown where a password can't be looked at because too many others wait. */
export class HashQueueFull extends AppError {
  constructor() {
    super("limit_reached", "Too many passwords are being checked right now. Try again in a few seconds.");
  }
}

/** Whether nobody else may wait. Asked before anything is counted or stored for the attempt. */
export function isHashQueueFull(lane: Lane): boolean {
  return queue.sizeBy({ priority: PRIORITY[lane] }) >= MAX_WAITING;
}

/** Runs `job` when it is its turn: two at once in this process. Throws {@link HashQueueFull}. */
export async function inHashQueue<Result>(lane: Lane, job: () => Promise<Result>): Promise<Result> {
  if (isHashQueueFull(lane)) throw new HashQueueFull();
  return queue.add(job, { priority: PRIORITY[lane] });
}
