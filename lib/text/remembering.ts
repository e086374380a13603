const MAX_REMEMBERED = 10_000;
/** Strangers choose some of these texts: whatever they send, the memory stays within a few megabytes. */
const MAX_TEXT_LENGTH = 500;

/** A pure function of a text that computes each answer once, and starts anew when there are too many. */
export function remembering<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const value = compute(text);
    if (value === undefined || text.length > MAX_TEXT_LENGTH) return value;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}
