"use client";

import { useTable } from "@tanstack/react-table";
import { type ReactNode, useMemo, useState } from "react";
import { useTimeZone } from "@/components/time";
import { DataTable, NothingFound, Row } from "@/components/ui/data-table";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { PastedKey } from "@/lib/api-keys/find-pasted-key";
import type { KeyRights } from "@/lib/api-keys/key-actions";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { OptionalColumn } from "@/lib/api-keys/list/list-columns";
import { ColumnHeading } from "./column-heading";
import { isNarrowed, type ListFilters } from "./list-filters";
import { PastedElsewhere } from "./pasted-elsewhere";
import { type KeyAction, type OpenRowMenu, RowMenu } from "./row-menu";
import { SelectAll } from "./select-all";
import { isRevocable, type TableContext } from "./table-cells";
import { columns, features } from "./table-columns";
import { useRangeChoice } from "./use-range-choice";
import type { Selection } from "./use-selection";

type TableProps = {
  team: string;
  list: KeyList;
  apiKeys: ApiKeyDto[];
  filters: ListFilters;
  hiddenColumns: OptionalColumn[];
  rights: KeyRights;
  selection: Selection;
  isCutShort: boolean;
  pasted: PastedKey | null;
  now: string;
  onAction: (action: KeyAction, apiKey: ApiKeyDto, button: HTMLElement) => void;
};

/** One page of keys, with a shared menu. */
export function ApiKeysTable(props: TableProps) {
  const { team, list, apiKeys, filters, hiddenColumns, rights, selection, now, onAction } = props;
  const timeZone = useTimeZone();
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const revocable = apiKeys.filter((apiKey) => isRevocable(apiKey, rights));
  const choose = useRangeChoice(revocable, selection);
  const shown = useMemo(() => {
    const left = new Set<string>([...hiddenColumns, ...(list === "all" ? [] : ["owner"])]);
    return columns.filter(({ id }) => !left.has(id ?? ""));
  }, [hiddenColumns, list]);
  const table = useTable({ features, columns: shown, data: apiKeys, getRowId: (apiKey) => apiKey.id });

  if (apiKeys.length === 0) return <NothingFound>{whyNone(props)}</NothingFound>;
  const all = <SelectAll apiKeys={revocable} selection={selection} />;
  const context: TableContext = { team, now, timeZone, rights, selection, choose, openMenu: setMenu };
  return (
    <>
      {revocable.length > 0 && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the box is inside.
        <label className="check-row items-center! px-4 xl:hidden">
          {all} <span aria-hidden>Select all on this page</span>
        </label>
      )}
      <DataTable
        head={table.getFlatHeaders().map((header) => (
          <ColumnHeading key={header.id} id={header.column.id} filters={filters}>
            {header.column.id === "select" ? revocable.length > 0 && all : <table.FlexRender header={header} />}
          </ColumnHeading>
        ))}
      >
        {table.getRowModel().rows.map((row) => (
          <Row key={row.id}>
            {shown.map(({ id, meta }) => (
              <td key={id} {...meta?.cell}>
                {meta?.show(row.original, context)}
              </td>
            ))}
          </Row>
        ))}
      </DataTable>
      <RowMenu open={menu} onClose={() => setMenu(null)} onAction={onAction} />
    </>
  );
}

function whyNone({ team, list, filters, isCutShort, pasted }: TableProps): ReactNode {
  if (isCutShort) return "No matches yet. Still searching…";
  if (pasted) return <PastedElsewhere team={team} list={list} pasted={pasted} />;
  if (filters.hash) return "No key in this list has the pasted token.";
  if (!isNarrowed(filters)) return "No keys yet.";
  return "No keys match. Try another search or clear the filters.";
}
