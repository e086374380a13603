import type { NavIcon } from "@/components/shell/nav-link";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** `about`: description on the overview. `anyOf`: visible to members with one of these permissions. */
type Destination = { path: string; label: string; icon: NavIcon; about: string; anyOf: readonly ConsolePermission[] };

/** A team's screens in display order. A new screen is a folder and one line here. */
export const NAVIGATION: Destination[] = [
  {
    path: "settings/api-keys",
    label: "API Keys",
    icon: "key",
    about: "Create, rename, rotate and revoke keys, and see when each was last used.",
    anyOf: MANAGE_ANY_KEYS,
  },
  {
    path: "settings/roles",
    label: "Roles",
    icon: "role",
    about: "What members may do, here and with their API keys.",
    anyOf: ["team.manage_roles"],
  },
  {
    path: "settings/members",
    label: "Members",
    icon: "members",
    about: "Who is in the team, with which role, and who is invited.",
    anyOf: ["team.manage_members"],
  },
  {
    path: "settings/policies",
    label: "Policies",
    icon: "policy",
    about: "What the team demands of its keys: lifetime, addresses, how many.",
    anyOf: ["team.manage_policies"],
  },
  {
    path: "settings/audit-log",
    label: "Audit log",
    icon: "log",
    about: "Who did what, when and from where.",
    anyOf: ["audit.view"],
  },
  {
    path: "settings/quick-start",
    label: "Quick start",
    icon: "start",
    about: "From a new key to the first call, step by step.",
    anyOf: MANAGE_ANY_KEYS,
  },
];
