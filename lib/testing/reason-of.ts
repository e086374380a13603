import { expect } from "vitest";

/** What a promise is rejected with; fails the test where it is fulfilled. */
export function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it was done"),
    (reason: unknown) => reason,
  );
}
