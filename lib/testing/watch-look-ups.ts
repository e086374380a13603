import { onTestFinished, vi } from "vitest";
import { lookupPool } from "@/lib/verification/connections";

/** The token hashes asked for by each statement sent from now on, until the test ends. */
export function watchLookUps(): () => string[][] {
  const query = vi.spyOn(lookupPool, "query");
  onTestFinished(() => query.mockRestore());
  return () =>
    query.mock.calls.map(([sent]) => String((sent as { values?: unknown[] }).values?.[0]).match(/[0-9a-f]{64}/g) ?? []);
}
