import "server-only";
import { apiPermissions } from "@/lib/permissions/catalogue";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

type RoleDefinition = { name: string; grantsAll: boolean; permissions: string[] };

const developer: ConsolePermission[] = ["developer.manage_tokens"];

/** The roles a new team starts with. Only Admin also gets what the catalogue gains later. */
export function builtInRoles(): RoleDefinition[] {
  return [
    { name: "Admin", grantsAll: true, permissions: [] },
    { name: "Developer", grantsAll: false, permissions: [...developer, ...apiPermissions()] },
    { name: "Member", grantsAll: false, permissions: apiPermissions() },
    { name: "Viewer", grantsAll: false, permissions: apiPermissions("read") },
  ];
}
