"use client";

import { type ReactNode, useSyncExternalStore } from "react";

/**
 * Fields that take input once the page's code is there. What was typed into a controlled field before would be lost
 * without a word when React takes over; a field that waits says so.
 */
export function LiveFields({ children }: { children: ReactNode }) {
  const isLive = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  return (
    <fieldset disabled={!isLive} className="contents">
      {children}
    </fieldset>
  );
}
