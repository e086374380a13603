/** Whether both hold the same, in whatever order. */
export function sameSet(a: Iterable<string>, b: Iterable<string>): boolean {
  const [first, second] = [new Set(a), new Set(b)];
  return first.size === second.size && [...first].every((item) => second.has(item));
}
