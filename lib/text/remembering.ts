const MAX_ENTRIES = 10_000;
/** Untrusted clients choose some of these texts; the limits keep the cache within a few megabytes. */
const MAX_TEXT_LENGTH = 500;

/** Memoizes a pure function of a text; the cache is cleared when it is full. */
export function remembering<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const value = compute(text);
    if (value === undefined || text.length > MAX_TEXT_LENGTH) return value;
    if (known.size >= MAX_ENTRIES) known.clear();
    known.set(text, value);
    return value;
  };
}
