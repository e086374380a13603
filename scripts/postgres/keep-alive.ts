const WATCH_MS = 1_000;

/** Restarts a server when it dies, until the returned function is called; no other process would. */
export function keepAlive(isAlive: () => boolean, restart: () => Promise<unknown>): () => Promise<void> {
  let restarting: Promise<unknown> | undefined;
  const watch = setInterval(() => {
    if (restarting || isAlive()) return;
    console.error("PostgreSQL exited and is being restarted.");
    restarting = restart()
      .catch((error: Error) => console.error(error.message))
      .finally(() => {
        restarting = undefined;
      });
  }, WATCH_MS);
  watch.unref();
  return async () => {
    clearInterval(watch);
    await restarting;
  };
}
