import type { RefusalCode } from "@/lib/insights/outcomes";

export const ACCEPTED_COLOUR = "var(--accent)";

/** Made of the theme's own colours, so that both themes have them. */
const REFUSED: Record<RefusalCode, string> = {
  revoked: "var(--danger-solid)",
  expired: "var(--warning)",
  owner_inactive: "var(--ink-soft)",
  ip_not_allowed: "color-mix(in srgb, var(--danger-solid) 55%, var(--surface))",
  insufficient_scope: "color-mix(in srgb, var(--warning) 55%, var(--surface))",
  wrong_resource: "color-mix(in srgb, var(--ink-soft) 45%, var(--surface))",
};

export const refusalColour = (code: string) => REFUSED[code as RefusalCode] ?? "var(--line-strong)";
