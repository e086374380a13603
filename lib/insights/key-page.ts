import "server-only";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { readCutOver } from "@/lib/api-keys/rotate/cut-over";
import type { CutOver } from "@/lib/api-keys/rotate/cut-over-verdict";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { type Period, readCallsByDay } from "@/lib/calls/calls-by-day";
import { type KeyAddress, readKeyAddresses } from "@/lib/calls/key-addresses";
import type { CallsDay } from "@/lib/calls/outcomes";
import { judgeScopes, type ScopeExercise } from "@/lib/calls/scope-exercise";
import { db } from "@/lib/database/db";
import { type KeyDetails, readKeyDetails } from "@/lib/insights/key-details";
import { type KeyEntry, readKeyEntries } from "@/lib/insights/key-entries";
import { readRotationChain } from "@/lib/insights/rotation-chain";

export type KeyPage = KeyDetails & {
  days: CallsDay[];
  addresses: KeyAddress[];
  scopeExercise: ScopeExercise;
  chain: ApiKeyDto[];
  /** While a rotation of the key is in progress. */
  cutOver: CutOver | null;
  entries: KeyEntry[] | null;
  mayOpenLog: boolean;
};

/** A key's page; null for a key the actor can't view. Throws `forbidden` without the permission. */
export async function readKeyPage(actor: Actor, id: string, period: Period): Promise<KeyPage | null> {
  const details = await readKeyDetails(actor, id);
  if (!details) return null;
  const { now } = actor;
  const isRotated = details.key.successorId !== null || details.key.predecessorId !== null;
  const [days, addresses, uses, chain, entries, cutOver] = await Promise.all([
    readCallsByDay(actor, id, period, now),
    readKeyAddresses(actor, id),
    db.apiKeyScopeUse.findMany({
      where: { keyId: id, key: { teamId: actor.teamId } },
      select: { scope: true, lastAt: true },
    }),
    isRotated ? readRotationChain(actor, id) : [],
    readKeyEntries(actor, details),
    isRotated ? readCutOver(actor, id) : null,
  ]);
  const { scopes, createdAt } = details.key;
  const hasBeenUsed = details.lastUse !== null;
  const scopeExercise = judgeScopes({ scopes, createdAt: new Date(createdAt), hasBeenUsed, uses }, period, now);
  return { ...details, days, addresses, scopeExercise, chain, entries, cutOver, mayOpenLog: can(actor, "audit.view") };
}
