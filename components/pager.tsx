"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { buttonClass } from "@/components/ui/button";

type PagerProps = { older: string | null; newer: string | null; olderLabel?: string; newerLabel?: string };

/** Links to newer and older pages of a list, preserving the URL's filters. */
export function Pager({ older, newer, olderLabel = "Older", newerLabel = "Newer" }: PagerProps) {
  const params = useSearchParams();
  if (!older && !newer) return null;

  const link = (side: "after" | "before", cursor: string) => {
    const next = new URLSearchParams(params);
    next.delete("after");
    next.delete("before");
    next.set(side, cursor);
    return `?${next}`;
  };
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2">
      {newer && (
        <Link href={link("before", newer)} prefetch={false} className={buttonClass()}>
          <ChevronLeft size={16} aria-hidden /> {newerLabel}
        </Link>
      )}
      {older && (
        <Link href={link("after", older)} prefetch={false} className={buttonClass()}>
          {olderLabel} <ChevronRight size={16} aria-hidden />
        </Link>
      )}
    </nav>
  );
}
