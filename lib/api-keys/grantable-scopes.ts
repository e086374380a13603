import "server-only";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { catalog } from "@/lib/permissions/catalog";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";

/**
 * The scopes that an actor with these permissions may give a key: those of the API that they have, and for a team key
 * Latchkey's own. `memberScopes` are those that the team's policy allows personal keys; null means all.
 * `checkScopes` enforces the same rule.
 */
export function grantableScopes(
  kind: KeyKind,
  permissions: ReadonlySet<string>,
  memberScopes: readonly string[] | null = null,
): ScopeGroup[] {
  const isGrantable = ({ name }: { name: string }) =>
    permissions.has(name) && (kind === "team" || !memberScopes || memberScopes.includes(name));
  const groups: ScopeGroup[] = catalog()
    .groups.map((group) => ({ ...group, permissions: group.permissions.filter(isGrantable) }))
    .filter((group) => group.permissions.length > 0);
  return kind === "team" ? [...groups, ...latchkeyGroups()] : groups;
}

function latchkeyGroups(): ScopeGroup[] {
  const scopes = Object.entries(LATCHKEY_SCOPES);
  const groups = [...new Set(scopes.map(([, { group }]) => group))];
  return groups.map((name) => ({
    name,
    permissions: scopes.filter(([, { group }]) => group === name).map(([scope, { label }]) => ({ name: scope, label })),
  }));
}
