import { expect } from "vitest";

/** The reason of a rejected promise; fails the test if the promise is fulfilled. */
export function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it was done"),
    (reason: unknown) => reason,
  );
}
