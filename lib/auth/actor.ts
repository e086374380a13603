import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** A signed-in user acting in one team; the first argument of every operation. */
export type Actor = RequestContext & {
  userId: string;
  name: string;
  memberId: string;
  teamId: string;
  roleName: string;
  permissions: ReadonlySet<string>;
  /**
   * The database's time when the session was read. Expirations are checked against it, not against this machine's
   * clock.
   */
  now: Date;
};

/** The session's user as a member of the team with this slug; null if they aren't one. */
export function actorIn(session: LiveSession, teamSlug: unknown, context: RequestContext): Actor | null {
  const member = session.user.members.find(({ team }) => team.slug === teamSlug);
  if (!member) return null;
  return {
    userId: session.user.id,
    name: session.user.name,
    memberId: member.id,
    teamId: member.team.id,
    roleName: member.role.name,
    permissions: permissionsOf(member.role),
    now: session.now,
    ...context,
  };
}
