import "server-only";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";

type Key = { kind: "personal" | "team"; memberId: string | null };

/**
 * Throws unless the actor may revoke every one of these keys of their team. Another member's personal key is `not_found`
 * to an actor who may not revoke it, and so is a team key to one who doesn't manage team keys.
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
