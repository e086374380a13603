const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const padded = (digits: number) => (number: number) => String(number).padStart(digits, "0");
const twoDigits = padded(2);

/** The parts of a time of day, with what stands behind each: hours and minutes, seconds, milliseconds. */
const minutes = numbersBelow(1_440).map((minute) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:`);
const seconds = numbersBelow(60).map((second) => `${twoDigits(second)}.`);
const milliseconds = numbersBelow(1_000).map((millisecond) => `${padded(3)(millisecond)}Z`);

/** Dates and the "T" behind them, by days since 1970 and up to 2100: as they are needed, and in one piece of memory. */
const dates = new Array<string | undefined>(47_482);

/**
 * An instant in epoch milliseconds as `Date.prototype.toISOString` writes it (ECMA-262, section 21.4.1.32), in a fraction of
 * the time: for what is said on every request. Throws a RangeError for NaN.
 */
export function isoInstant(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  const inDay = ms - day * DAY_MS;
  const minute = Math.floor(inDay / MINUTE_MS);
  const inMinute = inDay - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1_000);
  const [a, b, c] = [minutes[minute], seconds[second], milliseconds[inMinute - second * 1_000]];
  // Added up, not filled into a template, which would convert each to a string first.
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
