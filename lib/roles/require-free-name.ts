import "server-only";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

/**
 * Throws `conflict` if another role of the team has the name, ignoring case. Call under the team's lock. Compared here
 * and not in the database, where case depends on the server's configuration.
 */
export async function requireFreeName(tx: Transaction, teamId: string, name: string, except?: string): Promise<void> {
  const roles = await tx.role.findMany({ where: { teamId }, select: { id: true, name: true } });
  const taken = roles.find((role) => role.id !== except && sameName(role.name, name));
  if (!taken) return;
  const message = `There is already a role called ${taken.name}.`;
  throw new AppError("conflict", message, { name: message });
}

function sameName(a: string, b: string): boolean {
  return a.normalize("NFKC").toLowerCase() === b.normalize("NFKC").toLowerCase();
}
