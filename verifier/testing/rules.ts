import { API_SCOPES, ASKING, type ModelKey, RANGES, type World } from "./world.ts";

/** What is asked of a key. */
export interface Wish {
  scopes?: readonly string[];
  resource?: string;
  method?: string;
  ip: string | null;
}

export interface Verdict {
  code: string;
  scopes: string[];
  /** The scopes that were asked for and aren't held; null unless that is why it is refused. */
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
  if (key.expiresAt !== null && key.expiresAt <= at) return refused("expired");
  if (key.memberId !== null && !isActive(world, key.memberId)) return refused("owner_inactive");
  if (!mayComeFrom(key, wish.ip)) return refused("ip_not_allowed");
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
  return member !== undefined && !member.isRemoved && world.users.get(member.userId)?.isDisabled === false;
}

function mayComeFrom({ allowedIps }: ModelKey, ip: string | null): boolean {
  return allowedIps.length === 0 || (ip !== null && allowedIps.some((range) => RANGES[range]?.includes(ip)));
}

function counts(world: World, key: ModelKey, scope: string): boolean {
  if (key.memberId === null) return scope === ASKING || API_SCOPES.includes(scope);
  const member = world.members.get(key.memberId);
  const role = member && world.roles.get(member.roleId);
  return API_SCOPES.includes(scope) && role !== undefined && (role.grantsAll || role.permissions.includes(scope));
}
