const WATCH_MS = 1_000;

/**
 * Starts a server again when it dies under us, until the returned function is called. There is
 * nobody else who would: the server is ours alone.
 */
export function keepAlive(isAlive: () => boolean, restart: () => Promise<unknown>): () => Promise<void> {
  let restarting: Promise<unknown> | undefined;
  const watch = setInterval(() => {
    if (restarting || isAlive()) return;
    console.error("PostgreSQL has ended and is started again.");
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
