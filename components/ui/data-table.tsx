// biome-ignore-all lint/a11y/noRedundantRoles: on narrow screens cells are laid out as blocks, and browsers then drop their roles.
import type { ComponentProps, ReactNode } from "react";

/** A table on wide screens, a list of cards on narrow ones, and a table to assistive technology on both. */
export function DataTable({ head, children }: { head: ReactNode; children: ReactNode }) {
  return (
    <div className="rounded-xl border border-line bg-surface shadow-raised">
      <table role="table" className="data-table">
        <thead role="rowgroup">
          <tr role="row">{head}</tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
    </div>
  );
}

export function HeadCell(props: ComponentProps<"th">) {
  return <th role="columnheader" scope="col" {...props} />;
}

/** Head cells with these words; `last` names one more column, whose head isn't seen. */
export function HeadCells({ labels, last }: { labels: string[]; last?: string }) {
  return (
    <>
      {labels.map((label) => (
        <HeadCell key={label}>{label}</HeadCell>
      ))}
      {last && (
        <HeadCell>
          <span className="sr-only">{last}</span>
        </HeadCell>
      )}
    </>
  );
}

export function Row(props: ComponentProps<"tr">) {
  return <tr role="row" {...props} />;
}

/** On a card, `data-label` stands above the value, and the classes cell-wide and cell-corner place it. */
export function Cell(props: ComponentProps<"td"> & { "data-label"?: string }) {
  return <td role="cell" {...props} />;
}

/** What stands in the table's place when nothing is found. */
export function NothingFound({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="rounded-xl border border-line border-dashed px-4 py-12 text-center text-ink-soft">
      {children}
    </p>
  );
}
