// biome-ignore-all lint/a11y/noRedundantRoles: on narrow screens cells are laid out as blocks, and browsers then drop their roles.
import type { ComponentProps, ReactNode } from "react";

/** A table on wide screens, a list of cards on narrow ones, and a table for assistive technology on both. */
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

/** Heading cells; `last` is an additional, visually hidden heading. */
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

/** On a card, `data-label` is shown above the value; the classes cell-wide and cell-corner position it. */
export function Cell(props: ComponentProps<"td"> & { "data-label"?: string }) {
  return <td role="cell" {...props} />;
}

/** Shown instead of the table if there are no results. */
export function NothingFound({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="rounded-xl border border-line border-dashed px-4 py-12 text-center text-ink-soft">
      {children}
    </p>
  );
}
