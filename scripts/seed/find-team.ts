import { db } from "../../lib/database/db.ts";
import { createFirstAdmin } from "../../lib/setup/create-first-admin.ts";
import { StartError } from "../start-error.ts";

export type SeededTeam = { id: string; slug: string; name: string };

const select = { id: true, slug: true, name: true } as const;

export const ADMIN_EMAIL = "admin@example.com";

/**
 * The team with this slug, or the oldest one. If there is none, creates the team "Acme" with {@link ADMIN_EMAIL} as its
 * admin, who gets `password`.
 */
export async function findTeam(slug: string | undefined, password: string): Promise<SeededTeam & { isNew: boolean }> {
  const team = await db.team.findFirst({ where: { slug }, orderBy: { createdAt: "asc" }, select });
  if (team) return { ...team, isNew: false };
  if (slug) throw new StartError(`Team “${slug}” not found: --team takes the slug, the first part of its pages' URLs.`);
  return { ...(await createTeamWithAdmin("Acme", ADMIN_EMAIL, password)), isNew: true };
}

/** Creates a team with its own admin; throws if the email address is taken. */
export async function createTeamWithAdmin(teamName: string, email: string, password: string): Promise<SeededTeam> {
  const fromNowhere = { ip: null, userAgent: null };
  await createFirstAdmin({ email, password, teamName }, fromNowhere, async (tx) => {
    if ((await tx.user.count({ where: { email } })) > 0) {
      throw new StartError(`${email} is a user without a team: remove that user, or create a team first.`);
    }
  });
  return db.team.findFirstOrThrow({ where: { members: { some: { user: { email } } } }, select });
}
