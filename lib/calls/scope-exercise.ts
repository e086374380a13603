/** When a scope was last requested and granted. */
export type ScopeUse = { scope: string; lastAt: Date };

type Judged = { scopes: readonly string[]; createdAt: Date; hasBeenUsed: boolean; uses: readonly ScopeUse[] };

/**
 * Which of a key's scopes are unused. `not_used`: the key was never used. `not_asked`: it is used, but no request ever
 * named a scope. `too_young`: the key is younger than the period, too young to judge.
 */
export type ScopeExercise =
  | { state: "not_used" | "not_asked" | "too_young" }
  | { state: "known"; idle: { scope: string; lastAt: string | null }[] };

const DAY_MS = 86_400_000;

/** The scopes of a key that were not used in the period. */
export function judgeScopes(key: Judged, periodInDays: number, now: Date): ScopeExercise {
  const since = now.getTime() - periodInDays * DAY_MS;
  if (!key.hasBeenUsed && key.uses.length === 0) return { state: "not_used" };
  if (key.uses.length === 0) return { state: "not_asked" };
  if (key.createdAt.getTime() > since) return { state: "too_young" };
  const lastAt = new Map(key.uses.map((use) => [use.scope, use.lastAt]));
  const idle = key.scopes.flatMap((scope) => {
    const last = lastAt.get(scope) ?? null;
    return last && last.getTime() >= since ? [] : [{ scope, lastAt: last?.toISOString() ?? null }];
  });
  return { state: "known", idle };
}
