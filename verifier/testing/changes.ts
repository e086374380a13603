import { randomUUID } from "node:crypto";
import { generateToken } from "@/lib/api-keys/token";
import { pick, pickWeighted, type Random } from "../../scripts/seed/random.ts";
import {
  API_SCOPES,
  ASKING,
  changed,
  IDLE_SCOPES,
  type ModelKey,
  type ModelPolicy,
  RANGES,
  RESOURCES,
  type World,
  withThing,
} from "./world.ts";

/** One change: its SQL, its effect on the model, and the keys it may affect. */
export interface Change {
  name: string;
  statement: { text: string; values: unknown[] };
  /** Applied to the state at commit, because changes are concurrent. */
  apply(world: World): World;
  touched: readonly ModelKey[];
}

type Draw = (world: World, random: Random) => Change;

const DAY_MS = 86_400_000;
/** Ages of keys, some of which a policy's longest lifetime has already ended. */
const LONG_SINCE_DAYS = 40;

/** Draws the next change. Creations keep up with revocations. */
export function drawChange(world: World, random: Random): Change {
  const draw = pickWeighted<Draw>(random, [
    [3, revoke],
    [4, createKey],
    [3, changeExpiry],
    [4, changeScopes],
    [2, changeResource],
    [2, changeAddresses],
    [4, changeRole],
    [3, moveMember],
    [3, removeOrReadd],
    [2, disableOrEnable],
    [2, disableOrEnableMember],
    [3, changePolicy],
  ]);
  return draw(world, random);
}

export const some = <T>(random: Random, list: readonly T[], share = 0.5): T[] => list.filter(() => random() < share);

const values = <T>(map: ReadonlyMap<string, T>): T[] => [...map.values()];

function changeKey(name: string, key: ModelKey, column: string, value: unknown, change: Partial<ModelKey>) {
  return {
    name: `${name} of key ${key.id}: ${JSON.stringify(change)}`,
    statement: {
      text: `update api_keys set ${column} where id = $1`,
      values: value === undefined ? [key.id] : [key.id, value],
    },
    apply: (now: World) => changed(now, "keys", key.id, change),
    touched: [key],
  };
}

function revoke(world: World, random: Random): Change {
  const alive = values(world.keys).filter(({ isRevoked }) => !isRevoked);
  return changeKey("revocation", pick(random, alive), "revoked_at = now()", undefined, { isRevoked: true });
}

function changeExpiry(world: World, random: Random): Change {
  const HOUR_MS = 3_600_000;
  // Some expire during the test.
  const inMs = pick(random, [null, HOUR_MS, HOUR_MS, -HOUR_MS, 0, 40, 150]);
  const expiresAt = inMs === null ? null : Date.now() + inMs;
  const value = expiresAt === null ? null : new Date(expiresAt);
  return changeKey("expiry", pick(random, values(world.keys)), "expires_at = $2", value, { expiresAt });
}

function changeScopes(world: World, random: Random): Change {
  const key = pick(random, values(world.keys));
  const scopes = drawScopes(random, key.memberId === null);
  return changeKey("scopes", key, "scopes = $2", scopes, { scopes });
}

function changeResource(world: World, random: Random): Change {
  const resource = pick(random, [null, ...RESOURCES]);
  return changeKey("resource", pick(random, values(world.keys)), "resource = $2", resource, { resource });
}

function changeAddresses(world: World, random: Random): Change {
  const allowedIps = random() < 0.5 ? [] : some(random, Object.keys(RANGES));
  return changeKey("addresses", pick(random, values(world.keys)), "allowed_ips = $2", allowedIps, {
    allowedIps,
  });
}

function changeRole(world: World, random: Random): Change {
  const role = pick(random, values(world.roles));
  const grantsAll = random() < 0.2;
  const permissions = some(random, [...API_SCOPES, ...IDLE_SCOPES], pick(random, [0.2, 0.8]));
  return {
    name: `role ${role.name}: ${grantsAll ? "everything" : permissions.join(" ")}`,
    statement: {
      text: "update roles set grants_all = $2, permissions = $3 where id = $1",
      values: [role.id, grantsAll, permissions],
    },
    apply: (now) => changed(now, "roles", role.id, { grantsAll, permissions }),
    touched: keysWhere(world, (memberId) => world.members.get(memberId)?.roleId === role.id),
  };
}

function moveMember(world: World, random: Random): Change {
  const member = pick(random, values(world.members));
  const roles = values(world.roles).filter(({ teamId }) => teamId === member.teamId);
  const role = pick(random, roles);
  return {
    name: `member ${member.id} moved to role ${role.name}`,
    statement: { text: "update members set role_id = $2 where id = $1", values: [member.id, role.id] },
    apply: (now) => changed(now, "members", member.id, { roleId: role.id }),
    touched: keysWhere(world, (memberId) => memberId === member.id),
  };
}

function removeOrReadd(world: World, random: Random): Change {
  const member = pick(random, values(world.members));
  const isRemoved = !member.isRemoved;
  return {
    name: `member ${member.id} ${isRemoved ? "removed" : "added again"}`,
    statement: {
      text: `update members set removed_at = ${isRemoved ? "now()" : "null"} where id = $1`,
      values: [member.id],
    },
    apply: (now) => changed(now, "members", member.id, { isRemoved }),
    touched: keysWhere(world, (memberId) => memberId === member.id),
  };
}

function disableOrEnable(world: World, random: Random): Change {
  const user = pick(random, values(world.users));
  const isDisabled = !user.isDisabled;
  return {
    name: `user ${user.id} ${isDisabled ? "disabled" : "enabled"}`,
    statement: {
      text: `update users set disabled_at = ${isDisabled ? "now()" : "null"} where id = $1`,
      values: [user.id],
    },
    apply: (now) => changed(now, "users", user.id, { isDisabled }),
    touched: keysWhere(world, (memberId) => world.members.get(memberId)?.userId === user.id),
  };
}

function disableOrEnableMember(world: World, random: Random): Change {
  const member = pick(random, values(world.members));
  const isDisabled = !member.isDisabled;
  return {
    name: `member ${member.id} ${isDisabled ? "disabled" : "enabled"}`,
    statement: {
      text: `update members set disabled_at = ${isDisabled ? "now()" : "null"} where id = $1`,
      values: [member.id],
    },
    apply: (now) => changed(now, "members", member.id, { isDisabled }),
    touched: keysWhere(world, (memberId) => memberId === member.id),
  };
}

function changePolicy(world: World, random: Random): Change {
  const { teamId } = pick(random, values(world.roles));
  const policy: ModelPolicy = {
    id: teamId,
    // Mostly older than some of the keys and younger than others.
    changedAt: pick(random, [...values(world.keys).map(({ createdAt }) => createdAt), Date.now()]),
    maxLifetimeDays: pick(random, [null, null, 30, LONG_SINCE_DAYS - 1]),
    mayNeverExpire: random() < 0.7,
    requiresIps: random() < 0.2,
    memberScopes: random() < 0.5 ? null : some(random, API_SCOPES, 0.7),
  };
  const columns = {
    team_id: teamId,
    changed_at: new Date(policy.changedAt),
    max_lifetime_days: policy.maxLifetimeDays,
    may_never_expire: policy.mayNeverExpire,
    requires_ips: policy.requiresIps,
    limits_scopes: policy.memberScopes !== null,
    member_scopes: policy.memberScopes ?? [],
  };
  const names = Object.keys(columns);
  const places = names.map((_, place) => `$${place + 1}`);
  return {
    name: `policy of team ${teamId}: ${JSON.stringify(policy)}`,
    statement: {
      text: `insert into team_policies (${names.join(", ")}) values (${places.join(", ")})
        on conflict (team_id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`,
      values: Object.values(columns),
    },
    apply: (now) => withThing(now, "policies", policy),
    touched: values(world.keys).filter((key) => key.teamId === teamId),
  };
}

function createKey(world: World, random: Random): Change {
  const owner = random() < 0.6 ? pick(random, values(world.members)) : null;
  const teamId = owner?.teamId ?? pick(random, values(world.roles)).teamId;
  const { key, statement } = newKey(random, teamId, owner?.id ?? null);
  return { name: `key ${key.id} made`, statement, apply: (now) => withThing(now, "keys", key), touched: [key] };
}

/** A key in the model, and the statement that inserts it; defaults apply to omitted properties, with random scopes. */
export function newKey(random: Random, teamId: string, memberId: string | null, given: Partial<ModelKey> = {}) {
  const kind = memberId === null ? "team" : "personal";
  const { token, tokenHash, tokenStart, tokenLastFour } = generateToken(kind);
  const key: ModelKey = {
    id: randomUUID(),
    token,
    teamId,
    memberId,
    scopes: drawScopes(random, memberId === null),
    resource: null,
    allowedIps: [],
    createdAt: Date.now() - pick(random, [0, 0, LONG_SINCE_DAYS * DAY_MS]),
    expiresAt: null,
    isRevoked: false,
    ...given,
  };
  const columns = {
    id: key.id,
    team_id: teamId,
    member_id: memberId,
    kind,
    token_hash: tokenHash,
    token_start: tokenStart,
    token_last_four: tokenLastFour,
    scopes: key.scopes,
    resource: key.resource,
    allowed_ips: key.allowedIps,
    created_at: new Date(key.createdAt),
    expires_at: key.expiresAt === null ? null : new Date(key.expiresAt),
    revoked_at: key.isRevoked ? new Date() : null,
  };
  const names = Object.keys(columns);
  const places = names.map((_, place) => `$${place + 1}`);
  const text = `insert into api_keys (${names.join(", ")}) values (${places.join(", ")})`;
  return { key, statement: { text, values: Object.values(columns) as unknown[] } };
}

function drawScopes(random: Random, isTeamKey: boolean): string[] {
  return some(random, [...API_SCOPES, ...IDLE_SCOPES, ...(isTeamKey ? [ASKING] : [])], pick(random, [0.2, 0.5, 0.9]));
}

function keysWhere(world: World, isOwner: (memberId: string) => boolean): ModelKey[] {
  return values(world.keys).filter(({ memberId }) => memberId !== null && isOwner(memberId));
}
