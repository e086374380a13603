import "server-only";
import { listsFor } from "@/lib/api-keys/list/authorize-list";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";

/** The key of a pasted token, with the narrowest list that contains it and the actor may see. */
export type PastedKey = { id: string; list: KeyList };

/** Finds a key by its token's hash (SHA-256 in hex) in all lists that the actor may see; null if none contains it. */
export async function findPastedKey(actor: Actor, hash: string): Promise<PastedKey | null> {
  const key = await db.apiKey.findFirst({
    where: { teamId: actor.teamId, tokenHash: Buffer.from(hash, "hex") },
    select: { id: true, kind: true, memberId: true },
  });
  if (!key) return null;
  const lists = listsFor(actor);
  const isOwn = key.kind === "personal" && key.memberId === actor.memberId;
  const own = key.kind === "team" ? "team" : isOwn ? "personal" : "all";
  const list = lists.includes(own) ? own : lists.find((each) => each === "all");
  return list ? { id: key.id, list } : null;
}
