import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { ApiKeyRow } from "@/lib/api-keys/dto";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { readKeyRow } from "@/lib/api-keys/read-keys";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";
import { AppError, notFound } from "@/lib/errors";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

/** The permission to revoke other members' personal keys, and do nothing else with them. */
export const REVOKE_OTHERS_KEYS: ConsolePermission = "team.manage_members";

/** Which keys an actor reaches: those they manage, or also personal keys of others that they may revoke. */
export type KeyReach = "managed" | "revocable";

/**
 * Locks a key that the actor reaches, whatever its status. `permissions` are those read by {@link lockMember}. Any other
 * key (another member's, a team key without the permission, another team's) is `not_found`, by the same queries as an id
 * that doesn't exist, so that timing reveals nothing.
 */
export async function lockKey(
  tx: Transaction,
  actor: Actor,
  id: string,
  permissions: ReadonlySet<string>,
  reach: KeyReach,
): Promise<ApiKeyRow> {
  const reachesOthers = reach === "revocable" && permissions.has(REVOKE_OTHERS_KEYS);
  const reachesTeams = permissions.has(MANAGE_KEYS.team);
  const isInReach = Prisma.sql`
    id = ${id}::uuid and team_id = ${actor.teamId}::uuid and case kind when 'team' then ${reachesTeams}::boolean
        else member_id = ${actor.memberId}::uuid or ${reachesOthers}::boolean end`;
  await lockRows(tx, "api_keys", isInReach);
  const key = await readKeyRow(tx, actor, isInReach);
  if (!key) throw notFound("API key");
  // The caller accepts several permissions, so the actor may lack this one.
  if (key.kind === "personal" && !reachesOthers) authorize({ permissions }, MANAGE_KEYS.personal);
  return key;
}

/** The same for an active key. Throws `conflict` for a revoked or expired one. */
export async function lockActiveKey(
  tx: Transaction,
  actor: Actor,
  id: string,
  { permissions, reach, now }: { permissions: ReadonlySet<string>; reach: KeyReach; now: Date },
): Promise<ApiKeyRow> {
  const key = await lockKey(tx, actor, id, permissions, reach);
  const status = keyStatus(key, now);
  if (status !== "active") throw new AppError("conflict", `This key is already ${status} and can't be changed.`);
  return key;
}
