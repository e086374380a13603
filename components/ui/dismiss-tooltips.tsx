"use client";

import { useEffect } from "react";

/**
 * Escape hides the current tooltip until it is hovered or focused again (WCAG 1.4.13). One listener for all tooltips.
 */
export function DismissTooltips() {
  useEffect(() => {
    function dismiss({ key }: KeyboardEvent) {
      const tooltip = key === "Escape" && document.querySelector(".tooltip:is(:hover, :focus-visible)");
      if (!tooltip) return;
      tooltip.setAttribute("data-dismissed", "");
      for (const leaving of ["pointerleave", "blur"]) {
        tooltip.addEventListener(leaving, () => tooltip.removeAttribute("data-dismissed"), { once: true });
      }
    }
    addEventListener("keydown", dismiss, true);
    return () => removeEventListener("keydown", dismiss, true);
  }, []);
  return null;
}
