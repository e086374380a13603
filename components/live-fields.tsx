"use client";

import { type ReactNode, useSyncExternalStore } from "react";

/** Disables fields until hydration: input typed into a controlled field before would silently be lost. */
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
