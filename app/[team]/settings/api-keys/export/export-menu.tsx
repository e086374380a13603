"use client";

import { Download } from "lucide-react";
import { usePathname } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { type ListFilters, queryOf } from "../list/list-filters";

/** Exports all keys that match the list's filters, not only the current page. */
export function ExportMenu({ filters: { sort, ...filters } }: { filters: ListFilters }) {
  const path = usePathname();
  const file = (format: string) => `${path}/export${queryOf(filters)}&format=${format}`.replace("?&", "?");
  return (
    <Menu
      trigger={
        <Button className="max-sm:w-10 max-sm:px-0!">
          <Download size={16} aria-hidden /> <span className="max-sm:sr-only">Export</span>
        </Button>
      }
    >
      <MenuItem asChild>
        <a href={file("csv")} download>
          CSV
        </a>
      </MenuItem>
      <MenuItem asChild>
        <a href={file("jsonl")} download>
          JSON Lines
        </a>
      </MenuItem>
    </Menu>
  );
}
