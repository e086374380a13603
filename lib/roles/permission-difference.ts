import "server-only";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";

export type PermissionDifference = { added: string[]; removed: string[] };

/** What a role gains and loses, in display order. */
export function permissionDifference(before: ReadonlySet<string>, after: ReadonlySet<string>): PermissionDifference {
  const known = knownPermissions();
  return {
    added: known.filter((name) => after.has(name) && !before.has(name)),
    removed: known.filter((name) => before.has(name) && !after.has(name)),
  };
}

/** Throws `invalid` if a permission exists neither in the console nor in the catalog. */
export function refuseUnknown(permissions: string[]): void {
  const known = new Set(knownPermissions());
  if (permissions.every((name) => known.has(name))) return;
  const message = "One of these permissions doesn't exist. Reload the page and try again.";
  throw new AppError("invalid", message, { permissions: message });
}

function knownPermissions(): string[] {
  return [...Object.keys(CONSOLE_PERMISSIONS), ...apiPermissions()];
}
