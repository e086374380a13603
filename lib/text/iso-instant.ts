const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const padded = (digits: number) => (number: number) => String(number).padStart(digits, "0");
const twoDigits = padded(2);

/** Precomputed parts of a time of day with their separators: hours and minutes, seconds, milliseconds. */
const minutes = numbersBelow(1_440).map((minute) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:`);
const seconds = numbersBelow(60).map((second) => `${twoDigits(second)}.`);
const milliseconds = numbersBelow(1_000).map((millisecond) => `${padded(3)(millisecond)}Z`);

/** Cached dates with their "T", by days since 1970 up to 2100. */
const dates = new Array<string | undefined>(47_482);

/**
 * Epoch milliseconds in the format of `Date.prototype.toISOString` (ECMA-262, section 21.4.1.32), much faster, for
 * values that every request returns. Throws a RangeError for NaN.
 */
export function isoInstant(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  const inDay = ms - day * DAY_MS;
  const minute = Math.floor(inDay / MINUTE_MS);
  const inMinute = inDay - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1_000);
  const [a, b, c] = [minutes[minute], seconds[second], milliseconds[inMinute - second * 1_000]];
  // Concatenation; a template would convert each part to a string first.
  return (dates[day] ?? dateText(day)) + (a as string) + (b as string) + (c as string);
}

function dateText(day: number): string {
  const whole = new Date(day * DAY_MS).toISOString();
  const text = whole.slice(0, whole.indexOf("T") + 1);
  if (day >= 0 && day < dates.length) dates[day] = text;
  return text;
}

function numbersBelow(end: number): number[] {
  return Array.from({ length: end }, (_, number) => number);
}
