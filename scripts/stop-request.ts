import { launcherIsGone } from "./launcher.ts";

/** On Ctrl-C, the terminal signals us and npm forwards its own copy: two signals within this time are one request. */
const SAME_REQUEST_MS = 1_000;

const LAUNCHER_POLL_MS = 1_000;

export interface StopRequest {
  /** Aborted on the first request: finish what is in progress. */
  stop: AbortSignal;
  /** Aborted on the second request: stop immediately. */
  hurry: AbortSignal;
}

/** Watches for Ctrl-C, SIGTERM, a closed terminal and the death of the npm process that started us. */
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
  // The terminal was closed. Under nohup, which removes stdin, this must be ignored.
  if (process.stdin.isTTY) process.on("SIGHUP", request);
  whenLauncherDies(() => stop.abort());
  // The parent that started us with a channel has exited or disconnected.
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
