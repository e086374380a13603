/** When a scope was last asked for and granted. */
export type ScopeUse = { scope: string; lastAt: Date };

type Judged = { scopes: readonly string[]; createdAt: Date; hasBeenUsed: boolean; uses: readonly ScopeUse[] };

/**
 * What can be said about the scopes that a key holds and doesn't need. `not_used`: the key was never used at all.
 * `not_asked`: it is used, but nobody has asked Latchkey about one of its scopes. `too_young`: it is younger than the
 * period, so that silence says little.
 */
export type ScopeExercise =
  | { state: "not_used" | "not_asked" | "too_young" }
  | { state: "known"; idle: { scope: string; lastAt: string | null }[] };

const DAY_MS = 86_400_000;

/** Which of a key's scopes nobody has exercised for so many days. */
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
