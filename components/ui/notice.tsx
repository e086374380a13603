import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";

const TONES = {
  info: "bg-sunken text-ink",
  warning: "bg-warning-soft text-warning",
  danger: "bg-danger-soft text-danger",
} as const;

/** A static message with an icon, so that its meaning doesn't depend on color. */
export function Notice({
  tone = "info",
  role,
  children,
}: {
  tone?: keyof typeof TONES;
  role?: "alert" | "status";
  children: ReactNode;
}) {
  const Icon = tone === "info" ? Info : CircleAlert;
  return (
    <div role={role} className={classNames("flex items-start gap-2.5 rounded-lg px-3 py-2.5", TONES[tone])}>
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 grow">{children}</div>
    </div>
  );
}
