"use client";

import { useEffect } from "react";

declare global {
  interface Document {
    /** Whether buttons do what they say; set once, when React has taken over the page. */
    isReady?: boolean;
    /** The last button that was pressed before. */
    earlyButton?: HTMLButtonElement;
  }
}

/** Presses the button again that was pressed before the page could hear it. */
export function ReplayEarlyInput() {
  useEffect(() => {
    document.isReady = true;
    const button = document.earlyButton;
    document.earlyButton = undefined;
    if (!button?.isConnected) return;
    // Menus open when the pointer goes down, everything else when it has come up again.
    button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true, pointerType: "mouse" }));
    button.click();
  }, []);
  return null;
}
