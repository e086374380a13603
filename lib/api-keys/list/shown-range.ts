/** A stored range for display: a single address without its prefix length. */
export function shownRange(range: string): string {
  return range.replace(range.includes(":") ? /\/128$/ : /\/32$/, "");
}
