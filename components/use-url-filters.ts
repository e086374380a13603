"use client";

import { usePathname, useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";

/**
 * Filters that live in the URL, so that a link, a reload and Back show the same list: Back takes off what was put on
 * last. `wanted` is what was asked for last, also while its list is still on the way: the next change builds on it.
 */
export function useUrlFilters<Filters extends Record<string, string | null>>(filters: Filters) {
  const [wanted, setWanted] = useOptimistic(filters);
  const [isPending, startTransition] = useTransition();
  const router = useRouter();
  const path = usePathname();

  /** `isContinued`: the change goes on with the one before, as letters of one search do, and needs no step of its own. */
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
