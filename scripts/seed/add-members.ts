import { db } from "../../lib/database/db.ts";
import { insertRows } from "./insert-rows.ts";
import { makeUpPerson } from "./person-names.ts";
import { instantBetween, pickWeighted, type Random } from "./random.ts";
import { uuidV7 } from "./uuid-v7.ts";

const BATCH_SIZE = 1_000;
const THREE_YEARS_MS = 3 * 365 * 86_400_000;

/** Roles of twenty people; a role that the team created itself counts as the last. */
const PEOPLE_WITH_ROLE: Record<string, number> = { Admin: 1, Developer: 9, Member: 6, Viewer: 4 };
const PEOPLE_WITH_OTHER_ROLE = 2;

type Role = { id: string; name: string };

/**
 * Adds people to a team, all with one password and new addresses at example.com. Returns one address for each assigned
 * role.
 */
export async function addMembers(
  teamId: string,
  count: number,
  passwordHash: string,
  random: Random,
): Promise<Map<string, string>> {
  const roles = await db.role.findMany({ where: { teamId }, orderBy: { id: "asc" }, select: { id: true, name: true } });
  const taken = await readEmails();
  const emailOfRole = new Map<string, string>();

  for (let left = count; left > 0; left -= BATCH_SIZE) {
    const batch = Array.from({ length: Math.min(BATCH_SIZE, left) }, () =>
      makeUpMember(random, teamId, roles, passwordHash, taken),
    );
    for (const { role, user } of batch) emailOfRole.set(role.name, emailOfRole.get(role.name) ?? user.email);
    const users = batch.map(({ user }) => user);
    const members = batch.map(({ member }) => member);
    await db.$transaction(async (tx) => {
      await insertRows(tx, "users", users);
      await insertRows(tx, "members", members);
    });
  }
  return emailOfRole;
}

async function readEmails(): Promise<Set<string>> {
  const users = await db.user.findMany({ where: { email: { endsWith: "@example.com" } }, select: { email: true } });
  return new Set(users.map(({ email }) => email));
}

/** A member with a role, as rows of the two tables. */
function makeUpMember(random: Random, team_id: string, roles: Role[], password_hash: string, taken: Set<string>) {
  const now = new Date();
  const created_at = instantBetween(random, new Date(now.getTime() - THREE_YEARS_MS), now);
  const role = pickWeighted(
    random,
    roles.map((role) => [PEOPLE_WITH_ROLE[role.name] ?? PEOPLE_WITH_OTHER_ROLE, role] as const),
  );
  const person = makeUpPerson(random, taken);
  const user = { id: uuidV7(now), ...person, confirmed_email: person.email, password_hash, created_at };
  const member = { id: uuidV7(now), team_id, user_id: user.id, role_id: role.id, created_at };
  return { user, member, role };
}
