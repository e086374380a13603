import { db, pool } from "@/lib/database/db";
import { createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { createRandom, type Random } from "../../scripts/seed/random.ts";
import { newKey } from "./changes.ts";
import { API_SCOPES, ASKING, type ModelKey, RANGES, RESOURCES, type World, withThing } from "./world.ts";

const ROLES = ["Everything", "Half", "Nothing"];
const MEMBERS_A_TEAM = 5;
const KEYS_A_MEMBER = 2;

/** One key in each possible state, besides two that may ask about all others. */
const TEAM_KEYS: Partial<ModelKey>[] = [
  {},
  {},
  { allowedIps: Object.keys(RANGES).slice(0, 1) },
  { resource: RESOURCES[0] },
  { expiresAt: 0 },
  { isRevoked: true },
];

/** Two teams that share a user, with roles, members and keys, in the database and in the model. */
export async function createFirstWorld(seed: number): Promise<World> {
  const random = createRandom(seed);
  const shared = await createTestUser();
  const users = new Map([[shared.id, { id: shared.id, isDisabled: false }]]);
  let world: World = { users, roles: new Map(), members: new Map(), keys: new Map(), policies: new Map() };
  for (let team = 0; team < 2; team++) {
    const { id } = await createTestTeam();
    world = await addKeys(await addMembers(await addRoles(world, id), id, shared.id), id, random);
  }
  return world;
}

async function addRoles(world: World, teamId: string): Promise<World> {
  let grown = world;
  for (const [place, name] of ROLES.entries()) {
    const permissions = API_SCOPES.filter((_, index) => index >= place * 4);
    const { id } = await db.role.create({ data: { teamId, name, permissions }, select: { id: true } });
    grown = withThing(grown, "roles", { id, teamId, name, grantsAll: false, permissions });
  }
  return grown;
}

async function addMembers(world: World, teamId: string, sharedUserId: string): Promise<World> {
  let grown = world;
  const roles = [...world.roles.values()].filter((role) => role.teamId === teamId);
  for (let place = 0; place < MEMBERS_A_TEAM; place++) {
    const userId = place === 0 ? sharedUserId : (await createTestUser()).id;
    const roleId = roles[place % roles.length]?.id ?? "";
    const { id } = await db.member.create({ data: { teamId, userId, roleId }, select: { id: true } });
    grown = withThing(grown, "users", { id: userId, isDisabled: false });
    grown = withThing(grown, "members", { id, teamId, userId, roleId, isRemoved: false, isDisabled: false });
  }
  return grown;
}

async function addKeys(world: World, teamId: string, random: Random): Promise<World> {
  const scopes = [...API_SCOPES, ASKING];
  const members = [...world.members.values()].filter((member) => member.teamId === teamId);
  const made = [
    ...TEAM_KEYS.map((given) => newKey(random, teamId, null, { scopes, ...given })),
    ...members.flatMap(({ id }) => Array.from({ length: KEYS_A_MEMBER }, () => newKey(random, teamId, id))),
  ];
  let grown = world;
  for (const { key, statement } of made) {
    await pool.query(statement);
    grown = withThing(grown, "keys", key);
  }
  return grown;
}
