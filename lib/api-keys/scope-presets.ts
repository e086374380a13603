/** Latchkey's own scopes have no `access`; no preset contains them. */
type Scope = { name: string; label: string; access?: "read" | "write" };

/** A group of scopes in forms. */
export type ScopeGroup = { name: string; permissions: Scope[] };

/** A preset's scopes: only those of the protected API, so that the scope to verify keys is always chosen explicitly. */
export function scopePresets(groups: ScopeGroup[]) {
  const scopes = groups.flatMap((group) => group.permissions);
  return {
    full_access: scopes.filter(({ access }) => access !== undefined).map(({ name }) => name),
    read_only: scopes.filter(({ access }) => access === "read").map(({ name }) => name),
  };
}
