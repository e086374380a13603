"use client";

import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useTransition } from "react";
import { SearchInput } from "@/components/search-input";
import { Select } from "@/components/ui/field";
import type { KeyStatus } from "@/lib/api-keys/status";

type Filters = { q: string; status: KeyStatus | null };

/** Search and status filter; both live in the URL, so that a link shows the same list. */
export function ApiKeysToolbar({ filters }: { filters: Filters }) {
  const [isPending, startTransition] = useTransition();
  const router = useRouter();
  const path = usePathname();

  function show({ q, status }: Filters) {
    const params = new URLSearchParams({ ...(q && { q }), ...(status && { status }) });
    startTransition(() => router.replace(`${path}?${params}`, { scroll: false }));
  }

  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-0 grow sm:max-w-xs">
        <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-3 text-ink-soft" />
        <SearchInput
          aria-label="Find by name or prefix"
          placeholder="Find by name or prefix"
          className="pl-9"
          value={filters.q}
          onSearch={(q) => show({ ...filters, q })}
        />
      </div>
      <Select
        aria-label="Status"
        className="w-auto! min-w-36"
        value={filters.status ?? ""}
        onChange={(event) => show({ ...filters, status: (event.target.value || null) as KeyStatus | null })}
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
