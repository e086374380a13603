const MAX_ENTRIES = 10_000;
/** Untrusted clients choose some of these texts; the limits keep the cache within a few megabytes. */
const MAX_TEXT_LENGTH = 500;

/** Memoizes a pure function of a text; the cache is cleared when it is full. */
export function memoize<Value>(compute: (text: string) => Value): (text: string) => Value {
  const cache = new Map<string, Value>();
  return (text) => {
    const cached = cache.get(text);
    if (cached !== undefined) return cached;
    const value = compute(text);
    if (value === undefined || text.length > MAX_TEXT_LENGTH) return value;
    if (cache.size >= MAX_ENTRIES) cache.clear();
    cache.set(text, value);
    return value;
  };
}
