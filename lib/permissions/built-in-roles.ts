import "server-only";
import { apiPermissions } from "@/lib/permissions/catalog";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

type RoleDefinition = { name: string; grantsAll: boolean; permissions: string[] };

const developer: ConsolePermission[] = ["developer.manage_tokens"];

/** The roles of a new team. Only Admin also gets permissions added to the catalog later. */
export function builtInRoles(): RoleDefinition[] {
  return [
    { name: "Admin", grantsAll: true, permissions: [] },
    { name: "Developer", grantsAll: false, permissions: [...developer, ...apiPermissions()] },
    { name: "Member", grantsAll: false, permissions: apiPermissions() },
    { name: "Viewer", grantsAll: false, permissions: apiPermissions("read") },
  ];
}
