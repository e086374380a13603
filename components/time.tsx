"use client";

import { type ReactNode, useSyncExternalStore } from "react";
import { Tooltip } from "@/components/ui/tooltip";
import { formatDate } from "@/lib/text/date-format";
import { relativeTime } from "@/lib/text/relative-time";

/** The server doesn't know the reader's time zone: it renders UTC, and the browser its own zone after hydration. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    () => () => {},
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}

/**
 * "3 days ago", with the exact time on hover and focus. `now` comes from the server, so that both sides render the same
 * text.
 */
export function RelativeTime({ iso, now }: { iso: string; now: string }) {
  return showRelativeTime(iso, now, useTimeZone());
}

/** The day only, like "19 Feb 2027". */
export function Day({ iso }: { iso: string }) {
  return showDay(iso, useTimeZone());
}

/** {@link RelativeTime} as a function, for tables, where a component per cell would cost more. */
export function showRelativeTime(iso: string, now: string, timeZone: string, className?: string): ReactNode {
  const exact = formatDate(iso, "exact", timeZone);
  const relative = relativeTime(new Date(iso), new Date(now));
  return (
    <Tooltip text={exact} label={`${relative} (${exact})`} className={className}>
      {relative}
    </Tooltip>
  );
}

/** {@link Day} as a function. */
export function showDay(iso: string, timeZone: string, className?: string): ReactNode {
  return (
    <time dateTime={iso} className={className}>
      {formatDate(iso, "day", timeZone)}
    </time>
  );
}

/** Date and time to the second, in UTC on hover; with the reader's time zone if the page doesn't name it. */
export function ExactTime({ iso, withZone }: { iso: string; withZone?: boolean }) {
  return (
    <time dateTime={iso} title={formatDate(iso, "exact", "UTC")} className="whitespace-nowrap">
      {formatDate(iso, withZone ? "exact" : "time", useTimeZone())}
    </time>
  );
}
