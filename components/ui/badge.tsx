import type { ReactNode } from "react";

const LOOKS = "inline-flex items-center whitespace-nowrap rounded-md px-1.5 py-0.5 font-medium text-xs";

const TONES = {
  neutral: `${LOOKS} bg-sunken text-ink-soft`,
  accent: `${LOOKS} bg-accent-soft text-accent`,
  warning: `${LOOKS} bg-warning-soft text-warning`,
  danger: `${LOOKS} bg-danger-soft text-danger`,
} as const;

export function Badge({ tone = "neutral", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return <span className={TONES[tone]}>{children}</span>;
}
