import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { codeHashOf } from "@/lib/invitations/code";
import { MAX_OPEN_INVITATIONS } from "@/lib/invitations/limits";
import { createTestMember, createTestTeam, DAY_MS, type TestTeam } from "@/lib/testing/fixtures";

export const roleOf = async (team: TestTeam, name = "Developer") =>
  (await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId: team.id, name } } })).id;

/** A team, one of its Admins, and the role to invite for. */
export async function teamWithAdmin() {
  const team = await createTestTeam();
  return { team, admin: await createTestMember(team, { role: "Admin" }), roleId: await roleOf(team) };
}

/** Creates the maximum number. */
export const createOpenInvitations = (team: TestTeam, { memberId }: Actor, roleId: string) =>
  db.invitation.createMany({
    data: Array.from({ length: MAX_OPEN_INVITATIONS }, () => ({
      teamId: team.id,
      roleId,
      codeHash: codeHashOf(randomUUID().replaceAll("-", "").padEnd(43, "x")) ?? Buffer.alloc(0),
      invitedById: memberId,
      expiresAt: new Date(Date.now() + DAY_MS),
    })),
  });

export const codeIn = (url: string) => new URL(url).searchParams.get("code") ?? "";
export const someEmail = () => `${randomUUID()}@example.com`;
