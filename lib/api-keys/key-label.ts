type Named = { name: string | null; tokenStart: string; tokenLastFour: string };

/** A token as it may be shown: its start and its last four characters. */
export const tokenEnds = ({ tokenStart, tokenLastFour }: Omit<Named, "name">) => `${tokenStart}…${tokenLastFour}`;

/** A key by its name, or by its token's ends where it has none. */
export const nameOrEnds = (key: Named) => key.name ?? tokenEnds(key);

/** A key as sentences and audit entries name it beside others: by its name, if it has one, and by its token's ends. */
export function keyLabel(key: Named): string {
  return key.name ? `“${key.name}” ${tokenEnds(key)}` : tokenEnds(key);
}
