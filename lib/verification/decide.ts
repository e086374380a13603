import { isInRanges } from "@/lib/api-keys/ip-ranges";
import { effectiveExpiry, type PolicyInForce, policyOver } from "@/lib/policies/at-verification";

/** Everything a decision about a key rests on, as committed in the database now. */
export type KeyState = {
  kind: "personal" | "team";
  scopes: readonly string[];
  /** `<type>:<id>` of the one resource the key is narrowed to; null means the whole team. */
  resource: string | null;
  /** Ranges (CIDR) the key may be presented from; none means anywhere. */
  allowedIps: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Whom a personal key acts as; null for a team key, and where the membership is gone. */
  member: { isActive: boolean; role: RoleGrant } | null;
  /** What the key's team demands of keys made since it last changed its policy; null where it demands nothing. */
  policy: PolicyInForce | null;
};

export type RoleGrant = { grantsAll: boolean; permissions: ReadonlySet<string> };

/** What is asked of the key, and from where. Whatever is left out is not asked. */
export type DecisionRequest = {
  scopes?: readonly string[];
  /** `<type>:<id>` that is to be reached, or {@link ANY_RESOURCE}. */
  resource?: string;
  /**
   * A changing method is served by scopes with write access alone. Where no scope is asked for, the
   * key must have one whose access, read or write, is that of the method.
   */
  method?: string;
  /** Who presents the token; null where that isn't known, which no range contains. */
  ip: string | null;
};

/** The asker compares the key's resource itself, e.g. because it lists only what the key may see. */
export const ANY_RESOURCE = "*";

/** What a scope can be: the API's permissions, and Latchkey's own scopes, which only team keys hold. */
export type ScopeCatalogue = {
  access: ReadonlyMap<string, "read" | "write">;
  teamKeysOnly: ReadonlySet<string>;
};

/** `scopes` are the effective ones: what the key has, its member may do and the policy over it lets it have. */
export type Decision =
  | { code: "valid"; scopes: string[] }
  | { code: "insufficient_scope"; scopes: string[]; missing: string[] }
  | { code: "wrong_resource"; scopes: string[] }
  | { code: "not_found" | "revoked" | "expired" | "owner_inactive" | "ip_not_allowed" };

export type DecisionCode = Decision["code"];

/**
 * Decides whether a key is good for a request. Pure: the same state, request and instant always
 * give the same answer. The rules stand in the order in which the first that refuses is told.
 */
export function decide(key: KeyState | null, request: DecisionRequest, catalogue: ScopeCatalogue, now: Date): Decision {
  if (!key) return { code: "not_found" };
  if (key.revokedAt) return { code: "revoked" };
  const expiresAt = effectiveExpiry(key);
  // Written so that a time which isn't known lets nobody in.
  if (expiresAt && !(expiresAt.getTime() > now.getTime())) return { code: "expired" };
  if (key.kind === "personal" && !key.member?.isActive) return { code: "owner_inactive" };
  if (!mayComeFrom(key, request.ip)) return { code: "ip_not_allowed" };

  const scopes = effectiveScopes(key, catalogue);
  const missing = missingScopes(scopes, request, catalogue);
  if (missing) return { code: "insufficient_scope", scopes, missing };
  if (!reaches(key.resource, request)) return { code: "wrong_resource", scopes };
  return { code: "valid", scopes };
}

function mayComeFrom(key: KeyState, ip: string | null): boolean {
  if (key.allowedIps.length > 0) return isInRanges(ip, key.allowedIps);
  return !policyOver(key)?.requiresIps;
}

function effectiveScopes(key: KeyState, catalogue: ScopeCatalogue): string[] {
  const allowed = key.kind === "personal" && policyOver(key)?.memberScopes;
  const held = scopesHeld(key, catalogue);
  return allowed ? those(held, (scope) => allowed.includes(scope)) : held;
}

type Holding = Pick<KeyState, "kind" | "scopes"> & {
  member: { role: { grantsAll: boolean; permissions: { has(scope: string): boolean } } } | null;
};

/**
 * Of a key's scopes, those that work: a personal key never does more than its member may do now, and no key what the
 * catalogue doesn't know.
 */
export function scopesHeld({ kind, scopes, member }: Holding, catalogue: ScopeCatalogue): string[] {
  if (kind === "team") {
    return those(scopes, (scope) => catalogue.access.has(scope) || catalogue.teamKeysOnly.has(scope));
  }
  const role = member?.role;
  return those(scopes, (scope) => catalogue.access.has(scope) && (role?.grantsAll || role?.permissions.has(scope)));
}

/** A list of the scopes that pass the test. That is mostly all of them, and copying a list is cheaper than building one. */
function those(scopes: readonly string[], passes: (scope: string) => boolean | undefined): string[] {
  return scopes.every(passes) ? scopes.slice() : scopes.filter(passes);
}

/** What to ask for where no scope serves: nobody holds it, and nobody is told to get it. */
export const NO_SCOPE_SERVES: readonly string[] = ["nobody.has_this"];

/** Null when nothing is missing; an empty list when no scope at all would serve the method. */
function missingScopes(held: string[], { scopes, method }: DecisionRequest, catalogue: ScopeCatalogue) {
  const access = method === undefined ? undefined : accessOf(method);
  const usable = access === "write" ? held.filter((scope) => catalogue.access.get(scope) === "write") : held;
  if (scopes && scopes.length > 0) {
    const missing = scopes.filter((scope) => !usable.includes(scope));
    if (missing.length === 0) return null;
    return scopes === NO_SCOPE_SERVES ? [] : missing;
  }
  const serves = access === undefined || usable.some((scope) => catalogue.access.get(scope) === access);
  return serves ? null : [];
}

/** RFC 9110, section 9.2.1: the safe methods read; every other may change something. */
export function accessOf(method: string): "read" | "write" {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write";
}

/**
 * A narrowed key reaches its own resource. Asked for a scope without naming a resource, the whole
 * team would be meant, and that it doesn't reach: a caller who forgets about resources must not
 * widen the key.
 */
function reaches(own: string | null, { scopes, method, resource }: DecisionRequest): boolean {
  if (own === null || resource === ANY_RESOURCE || resource === own) return true;
  const isAboutAnAct = (scopes !== undefined && scopes.length > 0) || method !== undefined;
  return resource === undefined && !isAboutAnAct;
}
