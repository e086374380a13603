import "server-only";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { AppError } from "@/lib/errors";
import { apiPermissions, catalogue } from "@/lib/permissions/catalogue";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";

const isLatchkeyScope = (scope: string) => Object.hasOwn(LATCHKEY_SCOPES, scope);

/**
 * What somebody with these permissions may give a key: of the API's no more than they have, and a team key also
 * Latchkey's own. `memberScopes` is what the team's policy leaves to personal keys; null leaves everything.
 */
export function grantableScopes(
  kind: KeyKind,
  permissions: ReadonlySet<string>,
  memberScopes: readonly string[] | null = null,
): ScopeGroup[] {
  const isGrantable = ({ name }: { name: string }) =>
    permissions.has(name) && (kind === "team" || !memberScopes || memberScopes.includes(name));
  const groups: ScopeGroup[] = catalogue()
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

/**
 * The same rule for what is asked for. Whoever made a team key with more than their own role grants
 * would hold, in its token, more than the team gave them.
 */
export function checkScopes(kind: KeyKind, scopes: string[], permissions: ReadonlySet<string>): void {
  const known = new Set(apiPermissions());
  if (scopes.some((scope) => !known.has(scope) && !isLatchkeyScope(scope))) {
    throw refusal("invalid", "One of these scopes does not exist.");
  }
  const teamOnly = scopes.find(isLatchkeyScope);
  if (kind === "personal" && teamOnly !== undefined) {
    throw refusal("invalid", `Only a team key can have ${teamOnly}.`);
  }
  const beyond = scopes.find((scope) => known.has(scope) && !permissions.has(scope));
  if (beyond !== undefined) {
    throw refusal("forbidden", `Your role doesn't include ${beyond}, so you can't give it to a key.`);
  }
}

function refusal(code: "invalid" | "forbidden", message: string): AppError {
  return new AppError(code, message, { scopes: message });
}
