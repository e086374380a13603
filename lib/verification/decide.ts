import { isInRanges } from "@/lib/api-keys/ip-ranges";
import { effectiveExpiry, type PolicyInForce, policyOver } from "@/lib/policies/at-verification";

/** Everything that a decision about a key depends on, as committed in the database now. */
export type KeyState = {
  kind: "personal" | "team";
  scopes: readonly string[];
  /** `<type>:<id>` of the only resource the key can reach; null means the whole team. */
  resource: string | null;
  /** Ranges (CIDR) the key may be presented from; an empty list means any address. */
  allowedIps: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** The member a personal key acts as; null for a team key and after the membership was removed. */
  member: { isActive: boolean; role: RoleGrant } | null;
  /** The team's policy, which applies to keys created since it was last changed; null without one. */
  policy: PolicyInForce | null;
};

export type RoleGrant = { grantsAll: boolean; permissions: ReadonlySet<string> };

/** What the key must be good for, and where it is presented from. Omitted fields are not checked. */
export type DecisionRequest = {
  scopes?: readonly string[];
  /** `<type>:<id>` of the resource to reach, or {@link ANY_RESOURCE}. */
  resource?: string;
  /**
   * Only scopes with write access allow a method that changes something. Without requested scopes, the key must have a
   * scope whose access, read or write, is that of the method.
   */
  method?: string;
  /** Address of the client that presents the token; null when unknown, which is in no range. */
  ip: string | null;
};

/** The caller checks the key's resource itself, e.g. because it lists only what the key may see. */
export const ANY_RESOURCE = "*";

/** All scopes: the API's permissions, and Latchkey's own scopes, which only team keys can have. */
export type ScopeCatalog = {
  access: ReadonlyMap<string, "read" | "write">;
  teamKeysOnly: ReadonlySet<string>;
};

/** `scopes` are the effective ones: those that the key has, its member's role grants and the policy allows. */
export type Decision =
  | { code: "valid"; scopes: string[] }
  | { code: "insufficient_scope"; scopes: string[]; missing: string[] }
  | { code: "wrong_resource"; scopes: string[] }
  | { code: "not_found" | "revoked" | "expired" | "owner_inactive" | "ip_not_allowed" };

export type DecisionCode = Decision["code"];

/**
 * Decides whether a key is good for a request. Pure: the same state, request and instant always give the same decision,
 * which is that of the first rule that refuses.
 */
export function decide(key: KeyState | null, request: DecisionRequest, catalog: ScopeCatalog, now: Date): Decision {
  if (!key) return { code: "not_found" };
  if (key.revokedAt) return { code: "revoked" };
  const expiresAt = effectiveExpiry(key);
  // Negated so that an invalid date (NaN) counts as expired.
  if (expiresAt && !(expiresAt.getTime() > now.getTime())) return { code: "expired" };
  if (key.kind === "personal" && !key.member?.isActive) return { code: "owner_inactive" };
  if (!mayComeFrom(key, request.ip)) return { code: "ip_not_allowed" };

  const scopes = effectiveScopes(key, catalog);
  const missing = missingScopes(scopes, request, catalog);
  if (missing) return { code: "insufficient_scope", scopes, missing };
  if (!reaches(key.resource, request)) return { code: "wrong_resource", scopes };
  return { code: "valid", scopes };
}

function mayComeFrom(key: KeyState, ip: string | null): boolean {
  if (key.allowedIps.length > 0) return isInRanges(ip, key.allowedIps);
  return !policyOver(key)?.requiresIps;
}

function effectiveScopes(key: KeyState, catalog: ScopeCatalog): string[] {
  const allowed = key.kind === "personal" && policyOver(key)?.memberScopes;
  const held = scopesHeld(key, catalog);
  return allowed ? those(held, (scope) => allowed.includes(scope)) : held;
}

type Holding = Pick<KeyState, "kind" | "scopes"> & {
  member: { role: { grantsAll: boolean; permissions: { has(scope: string): boolean } } } | null;
};

/** A key's scopes that are in the catalog and, for a personal key, granted by its member's current role. */
export function scopesHeld({ kind, scopes, member }: Holding, catalog: ScopeCatalog): string[] {
  if (kind === "team") {
    return those(scopes, (scope) => catalog.access.has(scope) || catalog.teamKeysOnly.has(scope));
  }
  const role = member?.role;
  return those(scopes, (scope) => catalog.access.has(scope) && (role?.grantsAll || role?.permissions.has(scope)));
}

/** The scopes that pass the test, as a new list. Usually all pass, and copying a list is cheaper than building one. */
function those(scopes: readonly string[], passes: (scope: string) => boolean | undefined): string[] {
  return scopes.every(passes) ? scopes.slice() : scopes.filter(passes);
}

/** Requested where no scope would do: no key has it, and no refusal names it as missing. */
export const NO_SCOPE_SERVES: readonly string[] = ["nobody.has_this"];

/** Null when nothing is missing; an empty list when there is no scope to name. */
function missingScopes(held: string[], { scopes, method }: DecisionRequest, catalog: ScopeCatalog) {
  const access = method === undefined ? undefined : accessOf(method);
  const usable = access === "write" ? held.filter((scope) => catalog.access.get(scope) === "write") : held;
  if (scopes && scopes.length > 0) {
    const missing = scopes.filter((scope) => !usable.includes(scope));
    if (missing.length === 0) return null;
    return scopes === NO_SCOPE_SERVES ? [] : missing;
  }
  const serves = access === undefined || usable.some((scope) => catalog.access.get(scope) === access);
  return serves ? null : [];
}

/** RFC 9110, section 9.2.1: safe methods read; any other method may change something. */
export function accessOf(method: string): "read" | "write" {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write";
}

/**
 * A narrowed key reaches only its own resource. A request for a scope or method that names no resource means the whole
 * team and is refused: a caller that forgets about resources must not widen the key.
 */
function reaches(own: string | null, { scopes, method, resource }: DecisionRequest): boolean {
  if (own === null || resource === ANY_RESOURCE || resource === own) return true;
  const isAboutAnAct = (scopes !== undefined && scopes.length > 0) || method !== undefined;
  return resource === undefined && !isAboutAnAct;
}
