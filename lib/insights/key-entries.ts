import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import type { KeyDetails } from "@/lib/insights/key-details";

const SHOWN = 10;

/** An audit entry on a key's page. */
export type KeyEntry = {
  id: string;
  at: string;
  action: string;
  actorName: string;
  ip: string | null;
  details: unknown;
};

/** The newest entries about a key; null for actors who can't read the log and don't own the key. */
export async function readKeyEntries(actor: Actor, { key, isOwn }: KeyDetails): Promise<KeyEntry[] | null> {
  if (!isOwn && !can(actor, "audit.view")) return null;
  const rows = await db.auditEntry.findMany({
    where: { teamId: actor.teamId, targetType: "api_key", targetId: key.id },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: SHOWN,
    select: { id: true, at: true, action: true, actorName: true, ip: true, details: true },
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
