import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";

const SHOWN = 20;

/** An address a key is used from. */
export type KeyAddress = { ip: string; userAgent: string | null; firstAt: string; lastAt: string };

/** The addresses from which a key was used last, latest first. */
export async function readKeyAddresses({ teamId }: Actor, keyId: string): Promise<KeyAddress[]> {
  const rows = await db.apiKeyAddress.findMany({
    where: { keyId, key: { teamId } },
    orderBy: [{ lastAt: "desc" }, { ip: "asc" }],
    take: SHOWN,
    select: { ip: true, userAgent: true, firstAt: true, lastAt: true },
  });
  return rows.map((row) => ({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }));
}
