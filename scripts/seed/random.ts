/** Draws the next number in [0, 1). */
export type Random = () => number;

/** The mulberry32 generator: the same seed draws the same numbers, so a seeded team can be reproduced. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  if (list.length === 0) throw new RangeError("There is nothing to pick from.");
  return list[Math.floor(random() * list.length)] as T;
}

/** Picks by weight: `[[3, "often"], [1, "seldom"]]`. */
export function pickWeighted<const T>(random: Random, choices: readonly (readonly [weight: number, value: T])[]): T {
  let rest = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of choices) {
    rest -= weight;
    if (rest < 0) return value;
  }
  throw new RangeError("There is nothing to pick from.");
}

/** A whole number from `least` to `most`, inclusive. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** An instant from `from` (inclusive) to `to`; a higher `skew` concentrates them near `from`. */
export function instantBetween(random: Random, from: Date, to: Date, skew = 1): Date {
  return new Date(from.getTime() + Math.floor(random() ** skew * (to.getTime() - from.getTime())));
}
