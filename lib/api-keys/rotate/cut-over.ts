import "server-only";
import { type ApiKeyRow, apiKeySelect } from "@/lib/api-keys/dto";
import { KEY_KINDS, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { type CutOver, type CutOverSide, cutOverVerdict } from "@/lib/api-keys/rotate/cut-over-verdict";
import { keyStatus } from "@/lib/api-keys/status";
import { whereManaged } from "@/lib/api-keys/where-managed";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { hoursOfKeys } from "@/lib/calls/hours-of-keys";
import { db } from "@/lib/database/db";
import { notFound } from "@/lib/errors";

const HOUR_MS = 3_600_000;
const SHOWN_ADDRESSES = 5;

/**
 * The progress of the change from a rotated key to its successor; `id` is either's. Null if neither is in an overlap.
 * Available to actors who can manage or revoke the key.
 */
export async function readCutOver(actor: Actor, id: string): Promise<CutOver | null> {
  authorize(actor, ...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS);
  const key = await findKey(actor, id);
  const { now } = actor;
  const pair = await findPair(actor, key, now);
  if (!pair) return null;
  const [old, successor] = await Promise.all([readSide(actor, pair.old, now), readSide(actor, pair.successor, now)]);
  return {
    old,
    successor,
    endsAt: pair.old.expiresAt?.toISOString() ?? null,
    now: now.toISOString(),
    mayEnd: isManaged(actor, pair.old),
    verdict: cutOverVerdict(old, successor, now),
  };
}

async function findKey(actor: Actor, id: string): Promise<ApiKeyRow> {
  const kinds = KEY_KINDS.filter((kind) => can(actor, MANAGE_KEYS[kind])).map((kind) => whereManaged(actor, kind));
  const others = can(actor, REVOKE_OTHERS_KEYS) ? [{ kind: "personal" as const, teamId: actor.teamId }] : [];
  const key = await db.apiKey.findFirst({ where: { id, OR: [...kinds, ...others] }, select: apiKeySelect });
  if (!key) throw notFound("API key");
  return key;
}

function isManaged(actor: Actor, key: ApiKeyRow): boolean {
  return can(actor, MANAGE_KEYS[key.kind]) && (key.kind === "team" || key.member?.id === actor.memberId);
}

/** The key and its successor if the key is still active; else the key and its predecessor if that is. */
async function findPair(actor: Actor, key: ApiKeyRow, now: Date) {
  const partner = (id: string | undefined | null) =>
    id ? db.apiKey.findFirst({ where: { id, teamId: actor.teamId }, select: apiKeySelect }) : null;
  const isAlive = (row: ApiKeyRow) => keyStatus(row, now) === "active";
  const successor = isAlive(key) ? await partner(key.rotatedTo?.id) : null;
  if (successor) return { old: key, successor };
  const old = await partner(key.rotatedFromId);
  return old && isAlive(old) ? { old, successor: key } : null;
}

async function readSide({ teamId }: Actor, key: ApiKeyRow, now: Date): Promise<CutOverSide> {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const hourBefore = new Date(hour.getTime() - HOUR_MS);
  const ofKey = { keyId: key.id, key: { teamId } };
  const [usage, [closed], addresses] = await Promise.all([
    db.apiKeyUsage.findFirst({ where: ofKey, select: { hour: true, calls: true, lastUsedAt: true } }),
    db.$queryRaw<{ calls: number }[]>`
      select calls::float8 as calls from ${hoursOfKeys(teamId, [key.id])} where hour = ${hourBefore} and code = 'valid'`,
    db.apiKeyAddress.findMany({
      where: ofKey,
      orderBy: [{ lastAt: "desc" }, { ip: "asc" }],
      take: SHOWN_ADDRESSES,
      select: { ip: true, userAgent: true, lastAt: true, hour: true, calls: true },
    }),
  ]);
  // The first call of a later hour moves a finished one to `api_key_hours`; until then it is in `api_key_usage`.
  const inHour = (start: Date) => (usage?.hour.getTime() === start.getTime() ? Number(usage.calls) : 0);
  return {
    id: key.id,
    name: key.name,
    tokenStart: key.tokenStart,
    tokenLastFour: key.tokenLastFour,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: usage?.lastUsedAt.toISOString() ?? null,
    callsThisHour: inHour(hour),
    callsHourBefore: closed ? closed.calls : inHour(hourBefore),
    addresses: addresses.map(({ ip, userAgent, lastAt, hour: itsHour, calls }) => ({
      ip,
      userAgent,
      lastAt: lastAt.toISOString(),
      callsThisHour: itsHour.getTime() === hour.getTime() ? Number(calls) : 0,
    })),
  };
}
