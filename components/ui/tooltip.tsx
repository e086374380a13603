import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";

type TooltipProps = { text: string; label: string; className?: string; children: ReactNode };

/**
 * More about a short text, on hover and keyboard focus; `label` contains both for screen readers. Plain CSS, because a
 * table has a hundred of these, and each would otherwise be a stateful component.
 */
export function Tooltip({ text, label, className, children }: TooltipProps) {
  return (
    <button type="button" className={classNames("tooltip", className)} data-tooltip={text} aria-label={label}>
      {children}
    </button>
  );
}
