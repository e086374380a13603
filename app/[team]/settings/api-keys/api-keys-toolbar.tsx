"use client";

import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { SearchInput } from "@/components/search-input";
import { Select } from "@/components/ui/field";
import type { KeyStatus } from "@/lib/api-keys/status";

type Filters = { q: string; status: KeyStatus | null };

/** Search and status filter; both live in the URL, so that a link shows the same list. */
export function ApiKeysToolbar({ filters }: { filters: Filters }) {
  // What was asked for last, also while its list is still on the way: the next change builds on it.
  const [wanted, setWanted] = useOptimistic(filters);
  const [isPending, startTransition] = useTransition();
  const router = useRouter();
  const path = usePathname();

  function show(change: Partial<Filters>) {
    const next = { ...wanted, ...change };
    const params = new URLSearchParams({ ...(next.q && { q: next.q }), ...(next.status && { status: next.status }) });
    startTransition(() => {
      setWanted(next);
      router.replace(`${path}?${params}`, { scroll: false });
    });
  }

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
