"use client";

import { useSyncExternalStore } from "react";
import { Tooltip } from "@/components/ui/tooltip";
import { formatDate } from "@/lib/date-format";
import { relativeTime } from "@/lib/relative-time";

/** The server does not know the reader's time zone: it writes UTC, and the browser its own right after. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    () => () => {},
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}

/** "3 days ago", with the exact time on hover and focus. `now` comes from the server, so both sides write the same. */
export function RelativeTime({ iso, now }: { iso: string; now: string }) {
  const timeZone = useTimeZone();
  return (
    <Tooltip text={formatDate(iso, "exact", timeZone)}>
      <time dateTime={iso}>{relativeTime(new Date(iso), new Date(now))}</time>
    </Tooltip>
  );
}

/** The day alone, like "19 Feb 2027". */
export function Day({ iso }: { iso: string }) {
  return <time dateTime={iso}>{formatDate(iso, "day", useTimeZone())}</time>;
}

/** Day and time to the second, in UTC on hover; with the reader's time zone named where the page doesn't say it. */
export function ExactTime({ iso, withZone }: { iso: string; withZone?: boolean }) {
  return (
    <time dateTime={iso} title={formatDate(iso, "exact", "UTC")} className="whitespace-nowrap">
      {formatDate(iso, withZone ? "exact" : "time", useTimeZone())}
    </time>
  );
}
