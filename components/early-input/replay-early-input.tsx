"use client";

import { useEffect } from "react";

declare global {
  interface Document {
    /** Whether buttons do what they say; set once, when React has taken over the page. */
    isReady?: boolean;
    /** The last button that was pressed before, and whether it was let go of as well. */
    earlyInput?: { button: HTMLButtonElement; isClick: boolean };
  }
}

/** Presses the button again that was pressed before the page could hear it. */
export function ReplayEarlyInput() {
  useEffect(() => {
    document.isReady = true;
    const { earlyInput } = document;
    document.earlyInput = undefined;
    if (!earlyInput?.button.isConnected) return;
    const { button, isClick } = earlyInput;
    // Menus open when the pointer goes down, everything else when it has come up again.
    button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true, pointerType: "mouse" }));
    if (isClick) button.click();
  }, []);
  return null;
}
