const MAX_REMEMBERED = 10_000;

/** A pure function of a text that computes each answer once, and starts anew when there are too many. */
export function remembering<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      value = compute(text);
      known.set(text, value);
    }
    return value;
  };
}
