import "server-only";
import { listsFor } from "@/lib/api-keys/list/authorize-list";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";

/** Where the key of a pasted token is: the narrowest list of the actor's that has it. */
export type PastedKey = { id: string; list: KeyList };

/** Finds a token's key by its hash (SHA-256 in hex) in any list that the actor may see; null where none of them has it. */
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
