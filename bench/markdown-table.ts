export type Column<Row> = { name: string; cell: (row: Row) => string; isText?: boolean };

/** A Markdown table that is also readable as plain text. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ name }, at) => Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.isText)).join(" | ")} |`;
  const ruler = columns.map(({ isText }, at) => "-".repeat((widths[at] ?? 0) + 1) + (isText ? "-" : ":"));
  return [line(columns.map(({ name }) => name)), `|${ruler.join("|")}|`, ...cells.map(line)].join("\n");
}

function pad(text: string, width: number, isText = false): string {
  return isText ? text.padEnd(width) : text.padStart(width);
}
