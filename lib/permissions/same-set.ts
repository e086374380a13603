/** Whether both have the same elements, in any order. */
export function sameSet(a: Iterable<string>, b: Iterable<string>): boolean {
  const [first, second] = [new Set(a), new Set(b)];
  return first.size === second.size && [...first].every((item) => second.has(item));
}
