"use client";

import { usePathname, useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";

/**
 * Filters in the URL, so that links, reloads and Back restore the list; Back removes the latest filter. `wanted`: the
 * latest requested filters, even while their list is loading; the next change is based on them.
 */
export function useUrlFilters<Filters extends Record<string, string | null>>(filters: Filters) {
  const [wanted, setWanted] = useOptimistic(filters);
  const [isPending, startTransition] = useTransition();
  const router = useRouter();
  const path = usePathname();

  /** `isContinued`: part of the previous change, like letters of one search, without its own history entry. */
  function show(change: Partial<Filters>, isContinued = false) {
    const next = { ...wanted, ...change };
    if (Object.keys(next).every((name) => (next[name] || null) === (wanted[name] || null))) return;
    const set = Object.entries<string | null>(next).flatMap(([name, value]) => (value ? [[name, value]] : []));
    startTransition(() => {
      setWanted(next);
      const url = `${path}?${new URLSearchParams(set)}`;
      router[isContinued ? "replace" : "push"](url, { scroll: false });
    });
  }
  return { wanted, isPending, show };
}
