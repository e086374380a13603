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

/** What lets somebody revoke the personal keys of others in their team, and do nothing else with them. */
export const REVOKE_OTHERS_KEYS: ConsolePermission = "team.manage_members";

/** Who reaches a key: its managers, or also whoever may revoke the personal keys of others. */
export type KeyReach = "managed" | "revocable";

/**
 * Locks a key of the actor's own or of their team, whatever its state. `permissions` are what {@link lockMember} found.
 * Personal keys of others (unless they are to be revoked by who may), team keys without the permission for them, and all
 * of other teams are `not_found`, by the same work as an id that nothing has.
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
  // Another permission may have brought the actor this far.
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
