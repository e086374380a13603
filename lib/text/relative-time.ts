/** Unit, its length, and the minimum of seconds from which it is used: "90 days" is clearer than "3 months". */
const UNITS = [
  ["year", 31_557_600, 47_000_000],
  ["month", 2_629_800, 10_368_000],
  ["day", 86_400, 86_400],
  ["hour", 3_600, 3_600],
  ["minute", 60, 60],
] as const;

const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** "3 days ago" or "in 90 days", rounded to the unit; "just now" within a minute. */
export function relativeTime(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  for (const [unit, size, from] of UNITS) {
    // Half a minute of tolerance: a key created a moment ago for 90 days expires "in 90 days".
    if (Math.abs(seconds) + 30 >= from)
      return format.format(Math.sign(seconds) * Math.round(Math.abs(seconds) / size), unit);
  }
  return seconds <= 0 ? "just now" : "in less than a minute";
}
