import "server-only";
import { catalog } from "@/lib/permissions/catalog";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";

export type Permission = { name: string; label: string; access?: "read" | "write" };
export type PermissionGroup = { name: string; permissions: Permission[] };
export type PermissionGroups = { console: PermissionGroup[]; api: PermissionGroup[] };

/** All grantable permissions as shown: the console's, then the API's. */
export function permissionGroups(): PermissionGroups {
  const own = Object.entries(CONSOLE_PERMISSIONS);
  const names = [...new Set(own.map(([, { group }]) => group))];
  const console = names.map((name) => ({
    name,
    permissions: own
      .filter(([, { group }]) => group === name)
      .map(([permission, { label }]) => ({ name: permission, label })),
  }));
  return { console, api: catalog().groups };
}
