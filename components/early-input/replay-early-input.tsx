"use client";

import { useEffect } from "react";

declare global {
  interface Document {
    /** Whether the page is hydrated; set once. */
    isReady?: boolean;
    /** The last button that was pressed before, and whether it was released too. */
    earlyInput?: { button: HTMLButtonElement; isClick: boolean };
  }
}

/** Replays a click from before hydration. */
export function ReplayEarlyInput() {
  useEffect(() => {
    document.isReady = true;
    const { earlyInput } = document;
    document.earlyInput = undefined;
    if (!earlyInput?.button.isConnected) return;
    const { button, isClick } = earlyInput;
    // Menus open on pointerdown, everything else reacts to a click.
    button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true, pointerType: "mouse" }));
    if (isClick) button.click();
  }, []);
  return null;
}
