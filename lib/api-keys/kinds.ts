import type { ConsolePermission } from "@/lib/permissions/console-permissions";

export const KEY_KINDS = ["personal", "team"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** The permission to create, list and change keys of a kind. */
export const MANAGE_KEYS = {
  personal: "developer.manage_tokens",
  team: "team.manage_keys",
} as const satisfies Record<KeyKind, ConsolePermission>;

/** The permissions to manage keys of either kind. */
export const MANAGE_ANY_KEYS = Object.values(MANAGE_KEYS);
