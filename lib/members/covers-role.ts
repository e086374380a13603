import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";

type RoleGrants = { grantsAll: boolean; permissions: string[] };

/**
 * Whether one role grants at least what another does. Nobody hands out more than they have, or decides about somebody
 * who has more; a list of every permission is still less than the role that also gets those to come.
 */
export function coversRole(own: RoleGrants, other: RoleGrants): boolean {
  if (own.grantsAll) return true;
  if (other.grantsAll) return false;
  const permissions = permissionsOf(own);
  return [...permissionsOf(other)].every((permission) => permissions.has(permission));
}
