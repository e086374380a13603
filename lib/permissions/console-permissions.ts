/** Permissions in the console itself. API permissions come from the catalog. */
export const CONSOLE_PERMISSIONS = {
  "developer.manage_tokens": { group: "Developer", label: "Manage API tokens" },
  "team.manage_keys": { group: "Team", label: "Manage team keys" },
  "team.manage_members": { group: "Team", label: "Manage members" },
  "team.manage_roles": { group: "Team", label: "Manage roles" },
  "team.manage_policies": { group: "Team", label: "Manage policies" },
  "audit.view": { group: "Team", label: "View the audit log" },
} as const;

export type ConsolePermission = keyof typeof CONSOLE_PERMISSIONS;

const CONSOLE_NAMESPACES = new Set(["developer", "team", "audit", "keys"]);

/** Whether a permission's prefix is reserved for the console. */
export function isConsoleNamespace(permission: string): boolean {
  return CONSOLE_NAMESPACES.has(permission.split(".")[0] ?? "");
}
