import "server-only";
import { columnSelect } from "@/lib/api-keys/columns";
import { nameOrEnds, tokenEnds } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { authorizeRevoking } from "@/lib/api-keys/reach-keys";
import type { ApiKeyIdsInput } from "@/lib/api-keys/revoke/bulk-schemas";
import { type KeyStatus, keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { hoursOfKeys } from "@/lib/calls/hours-of-keys";
import { db } from "@/lib/database/db";

/** A key about to be revoked, with its use. */
export type KeyAtStake = {
  id: string;
  label: string;
  prefix: string;
  status: KeyStatus;
  lastUsedAt: string | null;
  /** Accepted calls since midnight, UTC. */
  callsToday: number;
};

/** The use that revoking these keys would end, most used first. Throws unless the actor may revoke all of them. */
export async function previewRevocation(actor: Actor, { ids }: ApiKeyIdsInput): Promise<KeyAtStake[]> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  const { now } = actor;
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const keys = await db.apiKey.findMany({
    where: { id: { in: ids }, teamId: actor.teamId },
    select: {
      memberId: true,
      ...columnSelect,
      usage: { select: { lastUsedAt: true, hour: true, calls: true } },
    },
  });
  authorizeRevoking(actor, actor.permissions, ids, keys);
  const finishedHours = await db.$queryRaw<{ keyId: string; calls: number }[]>`
    select key_id as "keyId", sum(calls)::float8 as calls from ${hoursOfKeys(actor.teamId, ids)}
    where hour >= ${midnight} and code = 'valid' group by key_id`;
  const callsInFinishedHours = new Map(finishedHours.map(({ keyId, calls }) => [keyId, calls]));
  return keys
    .map(({ usage, ...key }) => {
      const thisHour = usage && usage.hour >= midnight ? Number(usage.calls) : 0;
      return {
        id: key.id,
        label: nameOrEnds(key),
        prefix: tokenEnds(key),
        status: keyStatus(key, now),
        lastUsedAt: usage?.lastUsedAt.toISOString() ?? null,
        callsToday: thisHour + (callsInFinishedHours.get(key.id) ?? 0),
      };
    })
    .sort((a, b) => b.callsToday - a.callsToday || (b.lastUsedAt ?? "").localeCompare(a.lastUsedAt ?? ""));
}
