import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** A signed-in person acting in one team: what every operation takes as its first argument. */
export type Actor = RequestContext & {
  userId: string;
  name: string;
  memberId: string;
  teamId: string;
  roleName: string;
  permissions: ReadonlySet<string>;
  /** The database's clock when the session was read. It decides what has ended; this machine's clock doesn't. */
  now: Date;
};

/** The session's user in the team of this slug; null where they don't belong to it. */
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
