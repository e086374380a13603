import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { hoursOfKeys } from "@/lib/calls/hours-of-keys";
import { db } from "@/lib/database/db";
import { whereVisible } from "@/lib/insights/where-visible";

const LATEST_SHOWN = 10;
const HOURS_SHOWN = 12;
const LOOKS_BACK_DAYS = 30;
const DAY_MS = 86_400_000;

/** One refused request. */
export type KeptRefusal = {
  keyId: string;
  at: string;
  requestId: string;
  code: string;
  endpoint: string;
  ip: string | null;
  userAgent: string | null;
  missing: string[];
};

/** Refusals of a key for one reason in an hour or, if aggregated since, in a day. */
export type RefusedHour = { hour: string; code: string; calls: number; lastAt: string; lastIp: string | null };

const select = {
  keyId: true,
  at: true,
  requestId: true,
  code: true,
  endpoint: true,
  ip: true,
  userAgent: true,
  missing: true,
} as const;

/** The refusal of a request, if the key is visible to the actor. Clients may reuse a request id: the latest is returned. */
export async function findRefusal(actor: Actor, requestId: string): Promise<KeptRefusal | null> {
  const row = await db.apiKeyRefusal.findFirst({
    where: { requestId, key: whereVisible(actor) },
    orderBy: { at: "desc" },
    select,
  });
  return row && { ...row, at: row.at.toISOString() };
}

/** The latest refusals of a key, newest first. */
export async function readLatestRefusals(actor: Actor, keyId: string): Promise<KeptRefusal[]> {
  const rows = await db.apiKeyRefusal.findMany({
    where: { keyId, key: whereVisible(actor) },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: LATEST_SHOWN,
    select,
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Refusals of a key by hour and reason, latest first. */
export async function readRefusedHours({ teamId }: Actor, keyId: string, now: Date): Promise<RefusedHour[]> {
  const from = new Date(now.getTime() - LOOKS_BACK_DAYS * DAY_MS);
  const rows = await db.$queryRaw<{ hour: Date; code: string; calls: number; lastAt: Date; lastIp: string | null }[]>`
    select hour, code, calls::float8 as calls, last_at as "lastAt", last_ip as "lastIp"
    from ${hoursOfKeys(teamId, [keyId])}
    where code <> 'valid' and hour >= ${from} order by hour desc, code limit ${HOURS_SHOWN}::int`;
  return rows.map((row) => ({ ...row, hour: row.hour.toISOString(), lastAt: row.lastAt.toISOString() }));
}
