import "server-only";
import { z } from "zod";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { readKeyDtos } from "@/lib/api-keys/read-keys";
import { sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { notFound } from "@/lib/errors";
import { pageOf, pageQuery, pageRequestFields } from "@/lib/http/page-cursor";
import { isAddressConfirmed } from "@/lib/members/confirmed-address";
import { coversRole } from "@/lib/members/covers-role";
import type { MemberDto } from "@/lib/members/dto";
import { readOwnRole } from "@/lib/members/grantable-role";
import { memberSearchSchema } from "@/lib/members/schemas";

const PAGE_SIZE = 50;

/** The page's URL parameters; invalid values are ignored. */
export const memberListSchema = z.object({ q: memberSearchSchema, ...pageRequestFields });
export type MemberListInput = z.output<typeof memberListSchema>;

export type MemberPage = { members: MemberDto[]; older: string | null; newer: string | null };

const select = {
  id: true,
  createdAt: true,
  disabledAt: true,
  confirmedEmail: true,
  user: { select: { id: true, name: true, email: true, confirmedEmail: true, disabledAt: true } },
  role: { select: { id: true, name: true, grantsAll: true, permissions: true } },
} as const;

/** A page of the team's members, including disabled ones, newest first. */
export async function listMembers(actor: Actor, input: MemberListInput): Promise<MemberPage> {
  authorize(actor, "team.manage_members");
  const { where, ...query } = pageQuery("createdAt", input, PAGE_SIZE);
  const [own, found] = await Promise.all([
    readOwnRole(actor),
    db.member.findMany({
      where: { teamId: actor.teamId, removedAt: null, AND: [where, whereNameOrEmail(input.q)] },
      ...query,
      select,
    }),
  ]);
  const { rows, older, newer } = pageOf(found, input, PAGE_SIZE, ({ createdAt, id }) => ({ at: createdAt, id }));
  const [keys, seen] = await Promise.all([
    countActiveKeys(
      actor,
      rows.map(({ id }) => id),
    ),
    readLastSeen(
      actor,
      rows.map(({ user }) => user.id),
    ),
  ]);
  const members = rows.map(({ id, user, role, createdAt, disabledAt, confirmedEmail }) => ({
    id,
    name: user.name,
    email: user.email,
    isEmailConfirmed: isAddressConfirmed(user, { confirmedEmail }),
    role: { id: role.id, name: role.name },
    status: user.disabledAt ? ("account_disabled" as const) : disabledAt ? ("disabled" as const) : ("active" as const),
    activeKeys: keys.get(id) ?? 0,
    joinedAt: createdAt.toISOString(),
    lastSeenAt: seen.get(user.id)?.toISOString() ?? null,
    isSelf: id === actor.memberId,
    isChangeable: coversRole(own, role),
  }));
  return { members, older, newer };
}

function whereNameOrEmail(q: string) {
  if (!q) return {};
  const contains = { contains: q.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return { user: { OR: [{ name: contains }, { email: contains }] } };
}

/** The number of members, including disabled ones. */
export async function countMembers(actor: Actor): Promise<number> {
  authorize(actor, "team.manage_members");
  return db.member.count({ where: { teamId: actor.teamId, removedAt: null } });
}

async function countActiveKeys({ teamId, now }: Actor, memberIds: string[]): Promise<Map<string, number>> {
  const groups = await db.$queryRaw<{ memberId: string; keys: number }[]>`
    select k.member_id as "memberId", count(*)::int as keys from api_keys k
    where k.team_id = ${teamId}::uuid and k.member_id = any(${memberIds}::uuid[]) and k.kind = 'personal' and ${sqlActive(now)}
    group by k.member_id`;
  return new Map(groups.map(({ memberId, keys }) => [memberId, keys]));
}

async function readLastSeen({ teamId }: Actor, userIds: string[]): Promise<Map<string, Date | null>> {
  const groups = await db.session.groupBy({
    by: ["userId"],
    where: { userId: { in: userIds }, user: { members: { some: { teamId } } } },
    _max: { lastSeenAt: true },
  });
  return new Map(groups.map(({ userId, _max }) => [userId, _max.lastSeenAt]));
}

/** The active personal keys that stop when the member leaves, and whether the actor can convert them to team keys. */
export type LeavingKeys = { keys: ApiKeyDto[]; mayHandOver: boolean };

export async function listLeavingKeys(actor: Actor, { id }: { id: string }): Promise<LeavingKeys> {
  authorize(actor, "team.manage_members");
  const { now } = actor;
  const member = await db.member.findFirst({
    where: { id, teamId: actor.teamId, removedAt: null },
    select: { id: true },
  });
  if (!member) throw notFound("member");
  const active = await db.$queryRaw<{ id: string }[]>`
    select k.id from api_keys k
    where k.team_id = ${actor.teamId}::uuid and k.member_id = ${id}::uuid and k.kind = 'personal' and ${sqlActive(now)}
    order by k.id`;
  return { keys: await readKeyDtos(actor, active), mayHandOver: can(actor, "team.manage_keys") };
}
