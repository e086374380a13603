import "server-only";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";

type Key = { kind: "personal" | "team"; memberId: string | null };

/**
 * Throws unless the actor may revoke every one of these keys, found among those of their team: a personal key of
 * somebody else is `not_found` to who may not revoke it, and so is a team key to who doesn't manage those.
 */
export function authorizeRevoking(
  actor: Actor,
  permissions: ReadonlySet<string>,
  wanted: readonly string[],
  keys: readonly Key[],
): void {
  const reachesOthers = permissions.has(REVOKE_OTHERS_KEYS);
  const isOutOfReach = ({ kind, memberId }: Key) =>
    kind === "team" ? !permissions.has(MANAGE_KEYS.team) : memberId !== actor.memberId && !reachesOthers;
  if (keys.length !== wanted.length || keys.some(isOutOfReach)) throw notFound("API key");
  if (!reachesOthers && keys.some(({ kind }) => kind === "personal")) authorize({ permissions }, MANAGE_KEYS.personal);
}
