/** `access` is missing from Latchkey's own scopes, which no preset contains. */
type Scope = { name: string; label: string; access?: "read" | "write" };

/** Scopes as they are offered. */
export type ScopeGroup = { name: string; permissions: Scope[] };

/** What the presets pick from the offered scopes: the protected API's alone, so that verifying keys is always a choice of its own. */
export function scopePresets(groups: ScopeGroup[]) {
  const scopes = groups.flatMap((group) => group.permissions);
  return {
    full_access: scopes.filter(({ access }) => access !== undefined).map(({ name }) => name),
    read_only: scopes.filter(({ access }) => access === "read").map(({ name }) => name),
  };
}
