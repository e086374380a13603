"use client";

import { Bell } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";

/** The count stops here, and is shown as "99+". */
const MOST_SHOWN = 99;
/** A shell stays on the page while screens change, so the count is renewed when one opens, at most this often. */
const RENEWED_AFTER_MS = 30_000;

/** `at`: when the count was read. */
export type UnreadNotices = { count: number; at: string };

/** A link to the member's notices, with the number of unread ones, which screen readers announce when it changes. */
export function NoticeBell({ team, unread }: { team: string; unread: UnreadNotices }) {
  const count = useFreshCount(team, unread);
  const href = `/${team}/notices`;
  const label = count === 0 ? "no unread notices" : `${count > MOST_SHOWN ? "99+" : count} unread`;
  return (
    <>
      <Link
        href={href}
        prefetch={false}
        aria-label={`Notices, ${label}`}
        aria-current={usePathname() === href ? "page" : undefined}
        className="relative grid size-9 shrink-0 place-items-center rounded-lg text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent max-md:size-10"
      >
        <Bell size={18} aria-hidden />
        {count > 0 && (
          <span
            aria-hidden
            className="absolute top-0.5 right-0 min-w-4 rounded-full bg-danger-solid px-1 text-center font-semibold text-[0.6875rem] text-white leading-4"
          >
            {count > MOST_SHOWN ? "99+" : count}
          </span>
        )}
      </Link>
      <span aria-live="polite" className="sr-only">
        {count > 0 && `${label} ${count === 1 ? "notice" : "notices"}`}
      </span>
    </>
  );
}

/** The server's count, renewed when another screen opens or the tab is shown again; never by a timer, which would keep an idle session alive. */
function useFreshCount(team: string, unread: UnreadNotices): number {
  const path = usePathname();
  const [rendered, setRendered] = useState(unread);
  const [count, setCount] = useState(unread.count);
  // Since the page was loaded, with the count.
  const renewedAt = useRef(0);
  if (rendered.at !== unread.at) {
    setRendered(unread);
    setCount(unread.count);
  }

  const renew = useEffectEvent(async () => {
    if (document.hidden || performance.now() - renewedAt.current < RENEWED_AFTER_MS) return;
    renewedAt.current = performance.now();
    const response = await fetch(`/${team}/notices/unread`).catch(() => null);
    if (response?.ok) setCount((await response.json()).unread);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each path is another screen.
  useEffect(() => {
    void renew();
  }, [path]);
  useEffect(() => {
    const onShown = () => void renew();
    document.addEventListener("visibilitychange", onShown);
    return () => document.removeEventListener("visibilitychange", onShown);
  }, []);
  return count;
}
