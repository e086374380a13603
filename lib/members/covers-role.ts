import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";

type RoleGrants = { grantsAll: boolean; permissions: string[] };

/**
 * Whether one role grants at least what another does. Members can't grant more than they have, or manage members who
 * have more. A list of all permissions is still less than a role that also gets future ones.
 */
export function coversRole(own: RoleGrants, other: RoleGrants): boolean {
  if (own.grantsAll) return true;
  if (other.grantsAll) return false;
  const permissions = permissionsOf(own);
  return [...permissionsOf(other)].every((permission) => permissions.has(permission));
}
