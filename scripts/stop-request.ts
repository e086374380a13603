import { launcherIsGone } from "./launcher.ts";

/** On Ctrl-C the terminal signals us, and npm passes its own copy on: two within this time are one. */
const SAME_REQUEST_MS = 1_000;

const LAUNCHER_POLL_MS = 1_000;

export interface StopRequest {
  /** Aborted when the process is to stop: finish what is under way. */
  stop: AbortSignal;
  /** Aborted when it is asked again: wait for nothing. */
  hurry: AbortSignal;
}

/** Watches for Ctrl-C, SIGTERM, a closed terminal and the death of the npm that started us. */
export function watchForStop(): StopRequest {
  const stop = new AbortController();
  const hurry = new AbortController();
  let firstRequest = 0;
  const request = () => {
    if (!stop.signal.aborted) {
      firstRequest = Date.now();
      stop.abort();
    } else if (Date.now() - firstRequest > SAME_REQUEST_MS) {
      hurry.abort();
    }
  };
  process.on("SIGINT", request).on("SIGTERM", request);
  // The terminal was closed. Under nohup, which takes stdin away, that is to change nothing.
  if (process.stdin.isTTY) process.on("SIGHUP", request);
  whenLauncherDies(() => stop.abort());
  // The process that started us as its own, over a channel, has gone or let go of it.
  if (process.connected) process.once("disconnect", () => stop.abort());
  return { stop: stop.signal, hurry: hurry.signal };
}

function whenLauncherDies(tell: () => void): void {
  const isGone = launcherIsGone();
  if (!isGone) return;
  const watch = setInterval(() => {
    if (!isGone()) return;
    clearInterval(watch);
    tell();
  }, LAUNCHER_POLL_MS);
  watch.unref();
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
