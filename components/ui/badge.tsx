import type { ReactNode } from "react";

/** Class names, also for elements that look like a badge, such as buttons. */
export const BADGE = {
  neutral: "badge",
  accent: "badge bg-accent-soft text-accent",
  warning: "badge bg-warning-soft text-warning",
  danger: "badge bg-danger-soft text-danger",
} as const;

export function Badge({ tone = "neutral", children }: { tone?: keyof typeof BADGE; children: ReactNode }) {
  return <span className={BADGE[tone]}>{children}</span>;
}
