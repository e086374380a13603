import "server-only";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { authorizeList } from "@/lib/api-keys/list/authorize-list";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";

const MAX_OWNERS_OFFERED = 500;

/** The options of the owner filter, by name; includes former members, whose keys still exist. */
export async function listOwners(actor: Actor, chosen: string | null): Promise<KeyPerson[]> {
  authorizeList(actor, "all");
  const select = { id: true, user: { select: { name: true } } } as const;
  const where = { teamId: actor.teamId };
  const [members, extra] = await Promise.all([
    db.member.findMany({
      where,
      orderBy: [{ user: { name: "asc" } }, { id: "asc" }],
      take: MAX_OWNERS_OFFERED,
      select,
    }),
    chosen ? db.member.findFirst({ where: { ...where, id: chosen }, select }) : null,
  ]);
  if (extra && !members.some(({ id }) => id === extra.id)) members.push(extra);
  return members.map(({ id, user }) => ({ id, name: user.name }));
}
