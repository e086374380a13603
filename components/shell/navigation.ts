import type { NavIcon } from "@/components/shell/nav-link";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** `anyOf`: a member with one of these permissions sees the screen. */
type Destination = { path: string; label: string; icon: NavIcon; anyOf: readonly ConsolePermission[] };

/** The screens of a team, in the order they are shown. A new screen is its folder and one line here. */
export const NAVIGATION: Destination[] = [
  { path: "settings/api-keys", label: "API Keys", icon: "key", anyOf: MANAGE_ANY_KEYS },
  { path: "settings/roles", label: "Roles", icon: "role", anyOf: ["team.manage_roles"] },
  { path: "settings/members", label: "Members", icon: "members", anyOf: ["team.manage_members"] },
  { path: "settings/policies", label: "Policies", icon: "policy", anyOf: ["team.manage_policies"] },
  { path: "settings/audit-log", label: "Audit log", icon: "log", anyOf: ["audit.view"] },
  { path: "settings/quick-start", label: "Quick start", icon: "start", anyOf: MANAGE_ANY_KEYS },
];
