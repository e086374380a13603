import { Lightbulb } from "lucide-react";
import type { ReactNode } from "react";

/** A tip, placed where it applies. */
export function BestPractice({ children }: { children: ReactNode }) {
  return (
    <p className="flex max-w-prose items-start gap-2 text-ink-soft">
      <Lightbulb size={16} aria-hidden className="mt-0.5 shrink-0 text-accent" />
      <span>{children}</span>
    </p>
  );
}
