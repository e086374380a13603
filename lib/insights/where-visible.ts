import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { KEY_KINDS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { whereManaged } from "@/lib/api-keys/where-managed";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";

/**
 * Whether the actor sees every key of the team, including other members' personal ones: requires managing both team
 * keys and members.
 */
export function maySeeAllKeys(actor: Actor): boolean {
  return can(actor, "team.manage_keys") && can(actor, "team.manage_members");
}

/** The keys that the actor can view; to others they don't exist. */
export function whereVisible(actor: Actor): Prisma.ApiKeyWhereInput {
  if (maySeeAllKeys(actor)) return { teamId: actor.teamId };
  const kinds = visibleKinds(actor).map((kind) => whereManaged(actor, kind));
  // Prisma drops an empty `OR` next to another one, and would return all keys.
  return kinds.length > 0 ? { teamId: actor.teamId, OR: kinds } : { id: { in: [] } };
}

/** The same rule in SQL, for a row `k` of `api_keys`. */
export function sqlVisible(actor: Actor): Prisma.Sql {
  const inTeam = Prisma.sql`k.team_id = ${actor.teamId}::uuid`;
  if (maySeeAllKeys(actor)) return inTeam;
  const isTeams = Prisma.sql`k.kind = 'team'`;
  const isOwn = Prisma.sql`(k.kind = 'personal' and k.member_id = ${actor.memberId}::uuid)`;
  const kinds = visibleKinds(actor).map((kind) => (kind === "team" ? isTeams : isOwn));
  return kinds.length > 0 ? Prisma.sql`${inTeam} and (${Prisma.join(kinds, " or ")})` : Prisma.sql`false`;
}

const visibleKinds = (actor: Actor) => KEY_KINDS.filter((kind) => can(actor, MANAGE_KEYS[kind]));
