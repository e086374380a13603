import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { hasPermission, isActiveMember } from "@/lib/notices/notice-rule";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** A screen of the console, and the permissions of which one opens it. */
export type RequestedScreen = { path: string; label: string; anyOf: readonly ConsolePermission[] };

/**
 * Raises a notice for every active member who can change the actor's role: once per screen and day (UTC), so that nobody can
 * fill the admins' lists. Needs no permission. Throws `conflict` if the actor can open the screen.
 */
export async function requestAccess(actor: Actor, { path, label, anyOf }: RequestedScreen): Promise<null> {
  if (can(actor, ...anyOf)) throw new AppError("conflict", "You have access to this page now. Reload it.");
  await inTransaction(async (tx, now) => {
    const subject = `${actor.memberId} ${path} ${now.toISOString().slice(0, 10)}`;
    const data = { name: actor.name, member_id: actor.memberId, screen: label, any_of: anyOf };
    await tx.$executeRaw`
      insert into notices (member_id, kind, subject, data)
      select m.id, 'access_requested', ${subject}, ${JSON.stringify(data)}::jsonb
      from members m join users u on u.id = m.user_id join roles r on r.id = m.role_id
      where m.team_id = ${actor.teamId}::uuid and ${Prisma.raw(isActiveMember("m", "u"))}
        and ${Prisma.raw(hasPermission("team.manage_members"))}
      order by m.id
      on conflict do nothing`;
  });
  return null;
}
