import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";

type Role = { name: string; grantsAll: boolean; permissions: string[] };

/** Why an actor with these permissions can't change, rename or delete a role; null if they can. */
export function roleObstacle(role: Role, own: ReadonlySet<string>): AppError | null {
  if (role.grantsAll) {
    return new AppError(
      "conflict",
      `${role.name} has all permissions, including future ones, so that someone can always manage the team. It can't be changed, renamed or deleted. Duplicate it to create a role with all current permissions.`,
    );
  }
  const beyond = firstBeyond(permissionsOf(role), own);
  if (beyond === null) return null;
  return new AppError(
    "forbidden",
    `This role includes ${beyond}, which your own role doesn't, so you can't change, rename or delete it.`,
  );
}

/** Throws `forbidden` if a permission to grant isn't among the actor's own, which would allow privilege escalation. */
export function refuseEscalation(permissions: Iterable<string>, own: ReadonlySet<string>): void {
  const beyond = firstBeyond(permissions, own);
  if (beyond === null) return;
  const message = `Your own role doesn't include ${beyond}, so you can't add it to a role.`;
  throw new AppError("forbidden", message, { permissions: message });
}

function firstBeyond(permissions: Iterable<string>, own: ReadonlySet<string>): string | null {
  for (const permission of permissions) if (!own.has(permission)) return permission;
  return null;
}
