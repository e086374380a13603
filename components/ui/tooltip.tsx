import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";

type TooltipProps = { text: string; label: string; className?: string; children: ReactNode };

/**
 * More about a short text, on hover and on keyboard focus; `label` tells both to whoever hears it. Plain CSS on purpose: a
 * table has a hundred of these, and each would otherwise be a component with state on the server and the client.
 */
export function Tooltip({ text, label, className, children }: TooltipProps) {
  return (
    <button type="button" className={classNames("tooltip", className)} data-tooltip={text} aria-label={label}>
      {children}
    </button>
  );
}
