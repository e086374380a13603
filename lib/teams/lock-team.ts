import "server-only";
import type { Transaction } from "@/lib/database/db";
import { lockName } from "@/lib/database/locks";

/**
 * Lets changes to who may do what in a team (roles, members, invitations, policies) go one after the other, until the
 * transaction ends. Taken first, before any row, so that nobody waits for anybody in a circle. Returns the database's time
 * from when on it was so: whatever is made under an earlier lock has an earlier one.
 */
export function lockTeamGovernance(tx: Transaction, teamId: string): Promise<Date> {
  return lockName(tx, governanceOf(teamId), "alone");
}

/**
 * For making a key: keeps such changes out until the transaction ends, and lets others like it in. So a key is made
 * wholly before its team's policy changes, or wholly after. Taken first, like the other, and dates what is made likewise.
 */
export function shareTeamGovernance(tx: Transaction, teamId: string): Promise<Date> {
  return lockName(tx, governanceOf(teamId), "shared");
}

const governanceOf = (teamId: string) => `team:${teamId}`;
