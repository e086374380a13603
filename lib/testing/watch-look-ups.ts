import { onTestFinished, vi } from "vitest";
import { lookupPool } from "@/lib/verification/connections";

/**
 * Records, until the test ends, what each statement looks up: the token hashes (hexadecimal) of the keys it reads, or
 * the IDs of the teams whose versions it reads.
 */
export function watchLookUps(): () => string[][] {
  const query = vi.spyOn(lookupPool, "query");
  onTestFinished(() => query.mockRestore());
  return () =>
    query.mock.calls.map(
      ([sent]) => String((sent as { values?: unknown[] }).values?.[0]).match(/[0-9a-f]{64}|[0-9a-f-]{36}/g) ?? [],
    );
}
