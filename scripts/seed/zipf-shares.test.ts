import { expect, it } from "vitest";
import { zipfShares } from "./zipf-shares.ts";

it.each([
  [10_000, 25],
  [7, 50],
  [1, 1],
  [0, 3],
])("gives away all of %d among %d, less and less", (total, receivers) => {
  const shares = zipfShares(total, receivers);
  expect(shares).toHaveLength(receivers);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
});

it("gives the second half of what the first gets", () => {
  expect(zipfShares(1_500, 2)).toEqual([1_000, 500]);
});
