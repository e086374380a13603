import type { RefusalCode } from "@/lib/calls/outcomes";

export const ACCEPTED_COLOUR = "var(--accent)";

/** Theme colors with a contrast of at least 3:1 in both themes (WCAG 1.4.11). */
const REFUSED: Record<RefusalCode, string> = {
  revoked: "color-mix(in srgb, var(--danger) 70%, var(--surface))",
  expired: "color-mix(in srgb, var(--warning) 70%, var(--surface))",
  owner_inactive: "var(--ink-soft)",
  ip_not_allowed: "var(--danger)",
  insufficient_scope: "var(--warning)",
  wrong_resource: "color-mix(in srgb, var(--ink-soft) 70%, var(--surface))",
};

export const refusalColour = (code: string) => REFUSED[code as RefusalCode] ?? "var(--line-strong)";
