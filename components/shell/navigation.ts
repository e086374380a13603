import type { NavIcon } from "@/components/shell/nav-link";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** `about`: description on the overview. `anyOf`: visible to members with one of these permissions. */
type Destination = { path: string; label: string; icon: NavIcon; about: string; anyOf: readonly ConsolePermission[] };

/** A team's screens in display order. A new screen is a folder and one line here. */
export const NAVIGATION: Destination[] = [
  {
    path: "settings/api-keys",
    label: "API keys",
    icon: "key",
    about: "Create, rename, rotate and revoke keys, and see when each was last used.",
    anyOf: MANAGE_ANY_KEYS,
  },
  {
    path: "settings/roles",
    label: "Roles",
    icon: "role",
    about: "Control what each role can do in the console and the API.",
    anyOf: ["team.manage_roles"],
  },
  {
    path: "settings/members",
    label: "Members",
    icon: "members",
    about: "Invite people, change roles, remove access.",
    anyOf: ["team.manage_members"],
  },
  {
    path: "settings/policies",
    label: "Policies",
    icon: "policy",
    about: "Rules for expiration, IP addresses, scopes and key limits.",
    anyOf: ["team.manage_policies"],
  },
  {
    path: "settings/audit-log",
    label: "Audit log",
    icon: "log",
    about: "See who changed what and when.",
    anyOf: ["audit.view"],
  },
  {
    path: "settings/quick-start",
    label: "Quick start",
    icon: "start",
    about: "Make your first authenticated request.",
    anyOf: MANAGE_ANY_KEYS,
  },
];
