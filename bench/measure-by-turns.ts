type Rounds = {
  /** Rounds before the measurements count. */
  warmUp: number;
  counted: number;
  /** On a busy machine, fewer rounds are measured, to stay within this time. */
  limitMs: number;
};

/**
 * Measures the subjects alternately, so that other load on the machine affects all of them alike. Returns each one's
 * measurements.
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
    // In alternating order, so that one subject's after-effects don't always hit the same next one.
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const measurement = await measure(subject);
      if (round >= warmUp) measurements.get(subject)?.push(measurement);
    }
  }
  return measurements;
}
