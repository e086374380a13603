import "server-only";
import type { Transaction } from "@/lib/database/db";

type LockedUser = { name: string; passwordHash: string | null; disabledAt: Date | null };

/**
 * Locks a user's row until the transaction ends and returns it as it is now: what is decided by a password can't overtake
 * a change of that password. Taken before the user's sessions; null when there is no such user.
 */
export async function lockUser(tx: Transaction, userId: string): Promise<LockedUser | null> {
  const [user] = await tx.$queryRaw<LockedUser[]>`
    select name, password_hash as "passwordHash", disabled_at as "disabledAt"
    from users where id = ${userId}::uuid for no key update`;
  return user ?? null;
}
