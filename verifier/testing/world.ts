/** The model of the committed state: immutable plain values, a new World for each change. */
export interface World {
  users: ReadonlyMap<string, ModelUser>;
  roles: ReadonlyMap<string, ModelRole>;
  members: ReadonlyMap<string, ModelMember>;
  keys: ReadonlyMap<string, ModelKey>;
  /** By the id of the team. */
  policies: ReadonlyMap<string, ModelPolicy>;
}

export interface ModelUser {
  id: string;
  isDisabled: boolean;
}

export interface ModelRole {
  id: string;
  teamId: string;
  name: string;
  grantsAll: boolean;
  permissions: readonly string[];
}

export interface ModelMember {
  id: string;
  teamId: string;
  userId: string;
  roleId: string;
  isRemoved: boolean;
  isDisabled: boolean;
}

/** A team's policy, with the policy's id. */
export interface ModelPolicy {
  id: string;
  changedAt: number;
  maxLifetimeDays: number | null;
  mayNeverExpire: boolean;
  requiresIps: boolean;
  /** Null where members' keys may have any. */
  memberScopes: readonly string[] | null;
}

export interface ModelKey {
  id: string;
  token: string;
  teamId: string;
  /** Null for a team key. */
  memberId: string | null;
  scopes: readonly string[];
  resource: string | null;
  allowedIps: readonly string[];
  createdAt: number;
  expiresAt: number | null;
  isRevoked: boolean;
}

type Kind = keyof World;
type Thing<K extends Kind> = World[K] extends ReadonlyMap<string, infer T> ? T : never;

/** A copy of the world with one entity replaced. */
export function withThing<K extends Kind>(world: World, kind: K, thing: Thing<K> & { id: string }): World {
  return { ...world, [kind]: new Map([...world[kind], [thing.id, thing]] as never) };
}

/** A copy of the world with some properties of one entity changed. */
export function changed<K extends Kind>(world: World, kind: K, id: string, change: Partial<Thing<K>>): World {
  const thing = world[kind].get(id) as Thing<K> & { id: string };
  return withThing(world, kind, { ...thing, ...change });
}

export const AREAS = ["events", "contacts", "messages", "reports"] as const;
export const API_SCOPES = AREAS.flatMap((area) => [`${area}.read`, `${area}.write`]);
/** The scope that lets a team key ask about other keys. */
export const ASKING = "keys.verify";
/** Must have no effect in a key or role: one isn't in the catalog, the other is a console permission. */
export const IDLE_SCOPES = ["retired.read", "team.manage_keys"];

export const RESOURCES = ["event:018f0000-0000-7000-8000-000000000001", "event:018f0000-0000-7000-8000-000000000002"];

/** Ranges, and the addresses used here that lie in them. */
export const RANGES: Readonly<Record<string, readonly string[]>> = {
  "10.1.0.0/16": ["10.1.2.3", "10.1.255.255"],
  "10.1.2.3/32": ["10.1.2.3"],
  "192.0.2.0/25": ["192.0.2.7"],
  "2001:db8:1::/48": ["2001:db8:1::5"],
};
export const ADDRESSES = [
  "10.1.2.3",
  "10.1.255.255",
  "10.2.0.1",
  "192.0.2.7",
  "192.0.2.200",
  "2001:db8:1::5",
  "2001:db8:2::5",
];
