"use client";

import { usePathname, useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";

/**
 * Filters that live in the URL, so that a link, a reload and Back show the same list. `wanted` is what
 * was asked for last, also while its list is still on the way: the next change builds on it.
 */
export function useUrlFilters<Filters extends Record<string, string | null>>(filters: Filters) {
  const [wanted, setWanted] = useOptimistic(filters);
  const [isPending, startTransition] = useTransition();
  const router = useRouter();
  const path = usePathname();

  function show(change: Partial<Filters>) {
    const next = { ...wanted, ...change };
    const set = Object.entries<string | null>(next).flatMap(([name, value]) => (value ? [[name, value]] : []));
    startTransition(() => {
      setWanted(next);
      router.replace(`${path}?${new URLSearchParams(set)}`, { scroll: false });
    });
  }
  return { wanted, isPending, show };
}
