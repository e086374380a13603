type Named = { name: string | null; tokenStart: string; tokenLastFour: string };

/** A key as sentences and audit entries name it beside others: by its name, if it has one, and by its token's ends. */
export function keyLabel({ name, tokenStart, tokenLastFour }: Named): string {
  const ends = `${tokenStart}…${tokenLastFour}`;
  return name ? `“${name}” ${ends}` : ends;
}
