import { API_SCOPES, ASKING, type ModelKey, type ModelPolicy, RANGES, type World } from "./world.ts";

/** What a key must be good for. */
export interface Wish {
  scopes?: readonly string[];
  resource?: string;
  method?: string;
  ip: string | null;
}

export interface Verdict {
  code: string;
  scopes: string[];
  /** The requested scopes that the key lacks; null unless it is refused for that. */
  missing: string[] | null;
}

/**
 * The rules as DESIGN.md tells them, written a second time and on purpose without a look at
 * lib/verification: what the verifiers answer is compared with this.
 */
export function judge(world: World, key: ModelKey | undefined, wish: Wish, at: number): Verdict {
  const refused = (code: string, scopes: string[] = [], missing: string[] | null = null) => ({ code, scopes, missing });
  if (!key) return refused("not_found");
  if (key.isRevoked) return refused("revoked");
  const end = endOf(world, key);
  if (end !== null && end <= at) return refused("expired");
  if (key.memberId !== null && !isActive(world, key.memberId)) return refused("owner_inactive");
  if (!mayComeFrom(world, key, wish.ip)) return refused("ip_not_allowed");
  const held = key.scopes.filter((scope) => counts(world, key, scope));
  const isWrite = wish.method !== undefined && !["GET", "HEAD", "OPTIONS"].includes(wish.method);
  const wanted = wish.scopes ?? [];
  const missing = wanted.filter((scope) => !held.includes(scope) || (isWrite && !scope.endsWith(".write")));
  if (missing.length > 0) return refused("insufficient_scope", held, missing);
  if (
    wanted.length === 0 &&
    wish.method !== undefined &&
    !held.some((scope) => scope.endsWith(isWrite ? ".write" : ".read"))
  )
    return refused("insufficient_scope", held, []);
  const isBareQuestion = wanted.length === 0 && wish.method === undefined && wish.resource === undefined;
  if (key.resource !== null && wish.resource !== key.resource && !isBareQuestion)
    return refused("wrong_resource", held);
  return { code: "valid", scopes: held, missing: null };
}

function isActive(world: World, memberId: string): boolean {
  const member = world.members.get(memberId);
  if (member === undefined || member.isRemoved || member.isDisabled) return false;
  return world.users.get(member.userId)?.isDisabled === false;
}

/** A policy applies to keys created after it. */
function policyOn(world: World, { teamId, createdAt }: ModelKey): ModelPolicy | undefined {
  const policy = world.policies.get(teamId);
  return policy && policy.changedAt < createdAt ? policy : undefined;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A key's own expiry or that of its team's policy, whichever is earlier. The policy has a tolerance of a day and a minute. */
export function endOf(world: World, key: ModelKey): number | null {
  const ends = key.expiresAt === null ? [] : [key.expiresAt];
  const policy = policyOn(world, key);
  if (policy && policy.maxLifetimeDays !== null) {
    ends.push(key.createdAt + (policy.maxLifetimeDays + 1) * DAY_MS + 60_000);
  } else if (policy && !policy.mayNeverExpire && key.expiresAt === null) ends.push(key.createdAt);
  return ends.length > 0 ? Math.min(...ends) : null;
}

function mayComeFrom(world: World, key: ModelKey, ip: string | null): boolean {
  if (key.allowedIps.length === 0) return policyOn(world, key)?.requiresIps !== true;
  return ip !== null && key.allowedIps.some((range) => RANGES[range]?.includes(ip));
}

function counts(world: World, key: ModelKey, scope: string): boolean {
  if (key.memberId === null) return scope === ASKING || API_SCOPES.includes(scope);
  const member = world.members.get(key.memberId);
  const role = member && world.roles.get(member.roleId);
  const limits = policyOn(world, key)?.memberScopes;
  if (limits && !limits.includes(scope)) return false;
  return API_SCOPES.includes(scope) && role !== undefined && (role.grantsAll || role.permissions.includes(scope));
}
