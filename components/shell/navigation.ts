import type { ConsolePermission } from "@/lib/permissions/console-permissions";

type Destination = { path: string; label: string; icon: "key" | "log"; permission: ConsolePermission };

/** The screens of a team, in the order they are shown. A new screen is its folder and one line here. */
export const NAVIGATION: Destination[] = [
  { path: "settings/api-keys", label: "API Keys", icon: "key", permission: "developer.manage_tokens" },
  { path: "settings/audit-log", label: "Audit log", icon: "log", permission: "audit.view" },
];
