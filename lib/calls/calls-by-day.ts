import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Actor } from "@/lib/auth/actor";
import { hoursOfKeys } from "@/lib/calls/hours-of-keys";
import type { CallsDay } from "@/lib/calls/outcomes";
import { db } from "@/lib/database/db";

export const PERIODS = [30, 90] as const;
/** Days shown on a key's page. */
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;

/**
 * Calls of a key per UTC day by outcome, up to today, including days without calls. The current hour's count is still in
 * `api_key_usage`; hours older than a week are aggregated into days.
 */
export async function readCallsByDay({ teamId }: Actor, keyId: string, period: Period, now: Date): Promise<CallsDay[]> {
  const from = firstDay(period, now);
  const rows = await db.$queryRaw<{ day: Date; code: string; calls: number }[]>(Prisma.sql`
    select date_trunc('day', hour, 'UTC') as day, code, sum(calls)::float8 as calls
    from (
      select hour, code, calls from ${hoursOfKeys(teamId, [keyId])} where hour >= ${from}
      union all
      select hour, 'valid', calls from api_key_usage
      where key_id = ${keyId}::uuid and team_id = ${teamId}::uuid and hour >= ${from} and calls > 0
    ) as counted
    group by 1, 2`);
  const days = new Map<string, CallsDay>();
  for (let at = from.getTime(); at <= now.getTime(); at += DAY_MS) {
    const day = isoDay(new Date(at));
    days.set(day, { day, accepted: 0, refused: {} });
  }
  for (const { day, code, calls } of rows) {
    const found = days.get(isoDay(day));
    if (!found) continue;
    if (code === "valid") found.accepted += calls;
    else found.refused[code] = (found.refused[code] ?? 0) + calls;
  }
  return [...days.values()];
}

/** Midnight, UTC, of the first day of a period that ends today. */
function firstDay(period: Period, now: Date): Date {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return new Date(today - (period - 1) * DAY_MS);
}

const isoDay = (date: Date) => date.toISOString().slice(0, 10);
