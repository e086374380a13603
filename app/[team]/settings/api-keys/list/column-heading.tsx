import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { HeadCell } from "@/components/ui/data-table";
import { nextSort, readSort, type SortColumn, sortParameter } from "@/lib/api-keys/list/list-choices";
import { type ListFilters, queryOf } from "./list-filters";

const SORTED_BY: Record<string, SortColumn> = { name: "name", used: "used", expires: "expires", created: "created" };

/** Headings only for assistive technology. */
const UNSEEN: Record<string, string> = { select: "Select", actions: "Actions" };

/** A column heading; a link if the list can be sorted by it. */
export function ColumnHeading({ id, filters, children }: { id: string; filters: ListFilters; children: ReactNode }) {
  const unseen = UNSEEN[id];
  if (unseen)
    return (
      <HeadCell>
        <span className="sr-only">{unseen}</span>
        <span className="max-xl:hidden">{children}</span>
      </HeadCell>
    );
  const column = SORTED_BY[id];
  if (!column) return <HeadCell>{children}</HeadCell>;
  const sort = readSort(filters.sort);
  const isSorted = sort.column === column;
  const Arrow = sort.direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <HeadCell aria-sort={isSorted ? (sort.direction === "asc" ? "ascending" : "descending") : undefined}>
      <span className="xl:hidden">{children}</span>
      <Link
        href={queryOf({ ...filters, sort: sortParameter(nextSort(column, sort)) })}
        prefetch={false}
        scroll={false}
        className="inline-flex items-center gap-1 hover:text-ink max-xl:hidden"
      >
        {children}
        {isSorted && <Arrow size={12} aria-hidden />}
      </Link>
    </HeadCell>
  );
}
