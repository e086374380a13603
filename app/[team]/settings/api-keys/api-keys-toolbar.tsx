"use client";

import { Search } from "lucide-react";
import { SearchInput } from "@/components/search-input";
import { Select } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { KeyStatus } from "@/lib/api-keys/status";

type Filters = { kind: KeyKind | null; q: string; status: KeyStatus | null };

/** Search and status filter; the kind is chosen above, and stays. */
export function ApiKeysToolbar({ filters }: { filters: Filters }) {
  const { wanted, isPending, show } = useUrlFilters(filters);
  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-0 grow sm:max-w-xs">
        <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-3 text-ink-soft" />
        <SearchInput
          aria-label="Find by name or prefix"
          placeholder="Find by name or prefix"
          className="pl-9"
          value={wanted.q}
          onSearch={(q) => show({ q })}
        />
      </div>
      <Select
        aria-label="Status"
        className="w-auto! min-w-36"
        value={wanted.status ?? ""}
        onChange={(event) => show({ status: (event.target.value || null) as KeyStatus | null })}
      >
        <option value="">Any status</option>
        <option value="active">Active</option>
        <option value="expired">Expired</option>
        <option value="revoked">Revoked</option>
      </Select>
      <span role="status" className="sr-only">
        {isPending ? "Loading" : ""}
      </span>
    </search>
  );
}
