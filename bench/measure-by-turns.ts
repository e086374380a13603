type Rounds = {
  /** Rounds before the measurements count. */
  warmUp: number;
  counted: number;
  /** On a busy machine fewer rounds count, so that this ends. */
  limitMs: number;
};

/**
 * Measures each subject, a page or a server, so many times, by turns: whatever else the machine
 * does meets all of them alike. Returns the measurements of each.
 */
export async function measureByTurns<Subject, T>(
  subjects: readonly Subject[],
  { warmUp, counted, limitMs }: Rounds,
  measure: (subject: Subject) => Promise<T>,
): Promise<Map<Subject, T[]>> {
  const measurements = new Map(subjects.map((subject) => [subject, [] as T[]]));
  const begun = performance.now();
  for (let round = 0; round < warmUp + counted; round++) {
    if (round > warmUp && performance.now() - begun > limitMs) break;
    // Forwards and backwards: what one leaves for the next to pay must not always hit the same one.
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const measurement = await measure(subject);
      if (round >= warmUp) measurements.get(subject)?.push(measurement);
    }
  }
  return measurements;
}
