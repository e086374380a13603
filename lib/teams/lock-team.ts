import "server-only";
import type { Transaction } from "@/lib/db";

/**
 * Lets changes to who may do what in a team (roles, members, invitations, policies) go one after the other, until the
 * transaction ends. Taken first, before any row, so that nobody waits for anybody in a circle.
 */
export async function lockTeamGovernance(tx: Transaction, teamId: string): Promise<void> {
  await tx.$queryRaw`select 1 from pg_advisory_xact_lock(hashtextextended(${`team:${teamId}`}, 0))`;
}

/**
 * For making a key: keeps such changes out until the transaction ends, and lets others like it in. So a key is made
 * wholly before its team's policy changes, or wholly after. Taken first, like the other.
 */
export async function shareTeamGovernance(tx: Transaction, teamId: string): Promise<void> {
  await tx.$queryRaw`select 1 from pg_advisory_xact_lock_shared(hashtextextended(${`team:${teamId}`}, 0))`;
}
