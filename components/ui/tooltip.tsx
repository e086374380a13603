import type { ReactNode } from "react";

type TooltipProps = { text: string; label?: string; children: ReactNode };

/**
 * More about a short text, on hover and on keyboard focus. Plain CSS on purpose: a table has a
 * hundred of these, and each would otherwise be a component with state on the server and the client.
 */
export function Tooltip({ text, label, children }: TooltipProps) {
  return (
    <button type="button" className="tooltip" data-tooltip={text} aria-label={label}>
      {children}
      {!label && <span className="sr-only">{` (${text})`}</span>}
    </button>
  );
}
