import "server-only";
import { db } from "@/lib/database/db";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Whether the user signs in with a password and can therefore change it. */
export async function hasPassword({ user }: LiveSession): Promise<boolean> {
  return (await db.user.count({ where: { id: user.id, passwordHash: { not: null } } })) > 0;
}
