import { KEY_STATUSES, sqlStatus } from "../../lib/api-keys/status.ts";
import { db } from "../../lib/database/db.ts";
import { appUrl } from "../../lib/env.ts";
import type { SeededTeam } from "./find-team.ts";

/** Prints the team's current number of members and keys. */
export async function reportTeam({ id: teamId, name, slug }: SeededTeam): Promise<void> {
  const now = new Date();
  const members = await db.member.count({ where: { teamId, removedAt: null } });
  const counts = await Promise.all(
    KEY_STATUSES.map(async (status) => {
      const [{ keys }] = await db.$queryRaw<[{ keys: number }]>`
        select count(*)::int as keys from api_keys k where k.team_id = ${teamId}::uuid and ${sqlStatus(status, now)}`;
      return `${keys.toLocaleString("en")} ${status}`;
    }),
  );
  console.log(`\n${name} has ${members.toLocaleString("en")} members; its API keys: ${counts.join(", ")}.`);
  console.log(`Its pages are at ${appUrl()}/${slug}`);
}

/** Prints the added members' password, and one address per role. */
export function reportSignIns(emailOfRole: Map<string, string>, password: string): void {
  if (emailOfRole.size === 0) return;
  console.log(`\nSign in with the password ${password} as`);
  for (const [role, email] of emailOfRole) console.log(`  ${role.padEnd(10)} ${email}`);
}
