import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { db } from "@/lib/db";
import { ownerDb } from "@/lib/testing/owner-database";
import { CallJournal } from "@/lib/calls/call-journal";
import type { Calls } from "@/lib/calls/call-rows";
import { type AlikeCalls, PendingCalls } from "@/lib/calls/pending-calls";
import { countAbandonedCalls } from "@/lib/calls/take-over-journals";

export const NOON = Date.parse("2026-06-15T12:00:00.000Z");
export const TEAM = randomUUID();
/** Enough for every share to have some. */
const KEYS = 400;

/** Ids of keys that there are only for a test: their counts go when it ends. */
export function keyIds(count = KEYS, idOf: () => string = randomUUID): string[] {
  const ids = Array.from({ length: count }, idOf);
  onTestFinished(async () => void (await ownerDb.apiKeyUsage.deleteMany({ where: { keyId: { in: ids } } })));
  return ids;
}

/** One call of each key in a second after noon. */
export function secondOf(ids: readonly string[], second: number, more: Partial<Calls> = {}): PendingCalls {
  const at = NOON + 1_000 * second;
  const calls = new PendingCalls(ids.length, () => {});
  const same = { teamId: TEAM, code: "valid" as const, count: 1, ip: "192.0.2.1", userAgent: "curl/8", scopes: null };
  for (const keyId of ids) calls.add({ ...same, keyId, at, firstAt: at, untold: 1, ...more });
  return calls;
}

/** How many calls are counted of these keys, as a list of the different numbers. */
export async function countsOf(ids: readonly string[]): Promise<number[]> {
  const rows = await db.apiKeyUsage.findMany({ where: { keyId: { in: [...ids] } }, select: { calls: true } });
  const counts = rows.map(({ calls }) => Number(calls));
  return [...new Set([...counts, ...(rows.length < ids.length ? [0] : [])])].sort((a, b) => a - b);
}

export const isThere = async (id: string | undefined) => (await db.callJournal.count({ where: { id } })) > 0;
export const newJournal = (tell: (calls: AlikeCalls) => void = () => {}) => new CallJournal(tell);

/** As two rounds would that are far enough apart for every living process to touch its journal. */
export async function takeOverAbandoned(count = countAbandonedCalls): Promise<void> {
  await count();
  await delay(1_500);
  await count();
}
