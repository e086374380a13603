"use client";

import { ListFilter, Search, X } from "lucide-react";
import { useState } from "react";
import { SearchInput } from "@/components/search-input";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { Select } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import type { KeyPerson } from "@/lib/api-keys/dto";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { OptionalColumn } from "@/lib/api-keys/list/list-columns";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { ExportMenu } from "../export/export-menu";
import { ColumnMenu } from "./column-menu";
import { canHashToken, hashOfToken } from "./hash-of-token";
import { isNarrowed, type ListFilters, MORE_FILTERS, NO_FILTERS } from "./list-filters";
import { MoreFilters } from "./more-filters";

type ToolbarProps = {
  list: KeyList;
  filters: ListFilters;
  owners: KeyPerson[];
  scopeGroups: ScopeGroup[];
  hiddenColumns: OptionalColumn[];
  onColumns: (hidden: OptionalColumn[]) => void;
};

/** Search, filters, columns and export of the current list. */
export function ApiKeysToolbar({ list, filters, owners, scopeGroups, hiddenColumns, onColumns }: ToolbarProps) {
  const { wanted, isPending, show } = useUrlFilters(filters);
  const moreCount = MORE_FILTERS.filter((name) => wanted[name]).length;
  const [isOpen, setOpen] = useState(moreCount > 0);

  /** Only the token's hash leaves the browser. */
  function findToken(token: string): boolean {
    if (!canHashToken()) return false;
    hashOfToken(token).then((hash) => show({ hash, q: null }));
    return true;
  }

  return (
    <search className="grid gap-2" aria-busy={isPending}>
      <div className="flex flex-wrap gap-2">
        <div className="relative min-w-0 grow max-sm:basis-full sm:max-w-xs">
          <Search
            size={16}
            aria-hidden
            className="pointer-events-none absolute inset-y-0 left-3 my-auto text-ink-soft"
          />
          <SearchInput
            aria-label="Search by name or prefix"
            placeholder="Search by name or prefix, or paste a token"
            title="Paste a full token to find its key. Only a hash leaves your browser."
            className="pl-9"
            value={wanted.q ?? ""}
            onSearch={(q, isContinued) => show({ q, hash: null }, isContinued)}
            onToken={findToken}
          />
        </div>
        <Select
          aria-label="Status"
          className="w-auto! min-w-28 max-sm:grow sm:min-w-36"
          value={wanted.status ?? ""}
          onChange={(event) => show({ status: event.target.value || null })}
        >
          <option value="">Any status</option>
          <option value="active">Active</option>
          <option value="expired">Expired</option>
          <option value="revoked">Revoked</option>
        </Select>
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ListFilter size={16} aria-hidden /> Filters
          {moreCount > 0 && <span className="tabular-nums">({moreCount})</span>}
        </Button>
        {isNarrowed(wanted) && (
          <Button variant="ghost" className="max-sm:order-last" onClick={() => show(NO_FILTERS)}>
            Clear filters
          </Button>
        )}
        <div className="ml-auto flex gap-2">
          <ColumnMenu list={list} hidden={hiddenColumns} onChange={onColumns} />
          <ExportMenu filters={wanted} />
        </div>
      </div>
      <div className={classNames("flex flex-wrap gap-2", !isOpen && "xl:hidden")}>
        <MoreFilters {...{ list, wanted, owners, scopeGroups, show, isOpen }} />
      </div>
      {wanted.hash && (
        <p className="flex items-center gap-2 justify-self-start rounded-lg bg-accent-soft py-0.5 pr-0.5 pl-3 text-accent">
          Searching for a pasted token. Only its hash was sent.
          <button
            type="button"
            aria-label="Stop searching for the pasted token"
            className="grid size-7 place-items-center rounded-md hover:bg-surface"
            onClick={() => show({ hash: null })}
          >
            <X size={14} aria-hidden />
          </button>
        </p>
      )}
      <span role="status" className="sr-only">
        {isPending ? "Loading" : ""}
      </span>
    </search>
  );
}
