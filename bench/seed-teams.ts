import { randomBytes } from "node:crypto";
import { db, pool } from "../lib/database/db.ts";
import { addKeys } from "../scripts/seed/add-keys.ts";
import { addMembers } from "../scripts/seed/add-members.ts";
import { createTeamWithAdmin } from "../scripts/seed/find-team.ts";
import { createRandom } from "../scripts/seed/random.ts";

/** A team to measure with its admin, who owns most of its keys, and their newest key. */
export type BenchTeam = { id: string; slug: string; keys: number; keyId: string; email: string; password: string };

/** Few, so that the admin owns most keys. */
const MEMBERS = 4;

/** Creates one team for each number of keys, all in one database. */
export async function seedTeams(keyCounts: readonly number[]): Promise<BenchTeam[]> {
  const teams: BenchTeam[] = [];
  for (const keys of keyCounts) teams.push(await seedBenchTeam(keys));
  await pool.query("vacuum analyze");
  return teams;
}

async function seedBenchTeam(keys: number): Promise<BenchTeam> {
  const email = `admin-${keys}@example.com`;
  const password = randomBytes(12).toString("base64url");
  const team = await createTeamWithAdmin(`Team with ${keys} keys`, email, password);
  const random = createRandom(keys);
  await addMembers(team.id, MEMBERS, "no password has this hash", random);
  await addKeys(team.id, keys, random);
  const newest = await db.apiKey.findFirstOrThrow({
    where: { teamId: team.id, member: { user: { email } } },
    orderBy: { createdAt: "desc" },
  });
  return { id: team.id, slug: team.slug, keys, keyId: newest.id, email, password };
}
