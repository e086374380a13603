/** A page to measure, for the person whose cookies these are. */
export type MeasuredPage = { label: string; url: string; cookies: string };

type Rounds = {
  /** Rounds before the measurements count. */
  warmUp: number;
  counted: number;
  /** On a busy machine fewer rounds count, so that this ends. */
  limitMs: number;
};

/**
 * Measures each page so many times, by turns: whatever else the machine does meets all of them
 * alike. Returns the measurements of each page.
 */
export async function measureByTurns<T>(
  pages: readonly MeasuredPage[],
  { warmUp, counted, limitMs }: Rounds,
  measure: (page: MeasuredPage) => Promise<T>,
): Promise<Map<MeasuredPage, T[]>> {
  const measurements = new Map(pages.map((page) => [page, [] as T[]]));
  const begun = performance.now();
  for (let round = 0; round < warmUp + counted; round++) {
    if (round > warmUp && performance.now() - begun > limitMs) break;
    // Forwards and backwards: what a page leaves for the next to pay must not always hit the same one.
    for (const page of round % 2 === 0 ? pages : pages.toReversed()) {
      const measurement = await measure(page);
      if (round >= warmUp) measurements.get(page)?.push(measurement);
    }
  }
  return measurements;
}
