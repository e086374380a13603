"use client";

import { Columns3 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheckboxItem, MenuLabel } from "@/components/ui/menu";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import { OPTIONAL_COLUMNS, type OptionalColumn } from "@/lib/api-keys/list/list-columns";

type ColumnMenuProps = { list: KeyList; hidden: OptionalColumn[]; onChange: (hidden: OptionalColumn[]) => void };

/** The table's optional columns. */
export function ColumnMenu({ list, hidden, onChange }: ColumnMenuProps) {
  const offered = (Object.keys(OPTIONAL_COLUMNS) as OptionalColumn[]).filter(
    (column) => column !== "owner" || list === "all",
  );
  return (
    <Menu
      trigger={
        <Button className="max-sm:w-10 max-sm:px-0!">
          <Columns3 size={16} aria-hidden /> <span className="max-sm:sr-only">Columns</span>
        </Button>
      }
    >
      <MenuLabel>Shown columns</MenuLabel>
      {offered.map((column) => (
        <MenuCheckboxItem
          key={column}
          isChecked={!hidden.includes(column)}
          onChange={(isShown) => onChange(isShown ? hidden.filter((each) => each !== column) : [...hidden, column])}
        >
          {OPTIONAL_COLUMNS[column]}
        </MenuCheckboxItem>
      ))}
    </Menu>
  );
}
