/**
 * A moment that many wait for together: the first that asks has it scheduled, and when it has come, all go on one after
 * the other. Who asks later waits for the next one.
 */
export function sharedMoment(schedule: (come: () => void) => void): () => Promise<void> {
  let next: Promise<void> | undefined;
  return () => {
    next ??= new Promise((resolve) => {
      schedule(() => {
        next = undefined;
        resolve();
      });
    });
    return next;
  };
}
