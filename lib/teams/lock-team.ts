import "server-only";
import type { Transaction } from "@/lib/database/db";
import { lockName } from "@/lib/database/locks";

/**
 * Serializes changes to a team's roles, members, invitations and policies until the transaction ends. Take it first,
 * before any row, which prevents deadlocks. Returns the database's time after the lock was granted, so that changes
 * under earlier locks have earlier times.
 */
export function lockTeamGovernance(tx: Transaction, teamId: string): Promise<Date> {
  return lockName(tx, governanceOf(teamId), "exclusive");
}

/**
 * For creating a key: excludes such changes until the transaction ends, but not other creations. A key is thus created
 * entirely before or after a policy change. Take it first; use the returned time for the created rows.
 */
export function shareTeamGovernance(tx: Transaction, teamId: string): Promise<Date> {
  return lockName(tx, governanceOf(teamId), "shared");
}

const governanceOf = (teamId: string) => `team:${teamId}`;
