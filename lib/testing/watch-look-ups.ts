import { onTestFinished, vi } from "vitest";
import { lookupPool } from "@/lib/verification/connections";

/**
 * What each statement sent from now on, until the test ends, asks for: the token hashes (hexadecimal) of the keys that it
 * reads, or the ids of the teams whose versions it reads.
 */
export function watchLookUps(): () => string[][] {
  const query = vi.spyOn(lookupPool, "query");
  onTestFinished(() => query.mockRestore());
  return () =>
    query.mock.calls.map(
      ([sent]) => String((sent as { values?: unknown[] }).values?.[0]).match(/[0-9a-f]{64}|[0-9a-f-]{36}/g) ?? [],
    );
}
