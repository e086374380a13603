import "server-only";
import { randomBytes } from "node:crypto";
import { recordAudit } from "@/lib/audit/record";
import type { Transaction } from "@/lib/database/db";
import type { RequestContext } from "@/lib/http/request-context";
import { builtInRoles } from "@/lib/permissions/built-in-roles";
import { slugOf } from "@/lib/teams/team-slug";

/** Creates a team with the built-in roles and its first Admin, in the caller's transaction. */
export async function createTeam(
  tx: Transaction,
  name: string,
  owner: { id: string; name: string },
  context: RequestContext,
) {
  const wanted = slugOf(name);
  const isTaken = (await tx.team.count({ where: { slug: wanted } })) > 0;
  const team = await tx.team.create({
    data: {
      name,
      slug: isTaken ? `${wanted}-${randomBytes(3).toString("hex")}` : wanted,
      roles: { create: builtInRoles() },
    },
    select: { id: true, slug: true, roles: { select: { id: true, name: true } } },
  });
  const admin = team.roles.find((role) => role.name === "Admin");
  if (!admin) throw new Error("a new team has no Admin role");
  await tx.member.create({ data: { teamId: team.id, userId: owner.id, roleId: admin.id } });
  await recordAudit(tx, {
    teamId: team.id,
    action: "team.created",
    actor: { userId: owner.id, name: owner.name, ...context },
    target: { type: "team", id: team.id, label: name },
  });
  return team;
}
