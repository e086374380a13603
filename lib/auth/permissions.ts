import "server-only";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import { CONSOLE_PERMISSIONS, type ConsolePermission } from "@/lib/permissions/console-permissions";

type RolePermissions = { grantsAll: boolean; permissions: string[] };

/** A role's current permissions: those it lists that the console and the catalog still define. */
export function permissionsOf(role: RolePermissions): ReadonlySet<string> {
  const known = [...Object.keys(CONSOLE_PERMISSIONS), ...apiPermissions()];
  const listed = new Set(role.permissions);
  return new Set(known.filter((permission) => role.grantsAll || listed.has(permission)));
}

/** For the UI: whether to offer something that any of these permissions allows. Operations use {@link authorize}. */
export function can(actor: { permissions: ReadonlySet<string> }, ...anyOf: ConsolePermission[]): boolean {
  return anyOf.some((permission) => actor.permissions.has(permission));
}

/** The first line of every operation: throws `forbidden` unless the actor has one of the permissions. */
export function authorize(actor: { permissions: ReadonlySet<string> }, ...anyOf: ConsolePermission[]): void {
  if (can(actor, ...anyOf)) return;
  const missing = anyOf.map((permission) => {
    const { group, label } = CONSOLE_PERMISSIONS[permission];
    return `“${label}” (under ${group})`;
  });
  throw new AppError("forbidden", `Your role doesn't include ${missing.join(" or ")}. Ask a team admin for it.`);
}
