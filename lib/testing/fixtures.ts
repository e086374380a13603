import { randomUUID } from "node:crypto";
import type { KeyColumns } from "@/lib/api-keys/columns";
import { generateToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { hashPassword } from "@/lib/auth/passwords";
import { permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { createTeam } from "@/lib/teams/create-team";

/** Tests share one database and run concurrently; each creates its own team. */
export type TestTeam = { id: string; slug: string };
export type TestUser = { id: string; name: string; email: string };
/** A user as read by a sign-in. */
export type TestAccount = TestUser & { passwordHash: string | null };

type RoleChoice = { role?: "Admin" | "Developer" | "Member" | "Viewer" } | { permissions: string[] };

export const NOWHERE = { ip: null, userAgent: null };
/** For sign-ins from a new browser. */
export const NEW_BROWSER = { previousSecret: null };

/** A user without a team; with a password only if the test signs in, because hashing is slow. */
export async function createTestUser(password?: string): Promise<TestAccount> {
  const id = randomUUID();
  const email = `${id}@example.com`;
  return db.user.create({
    data: {
      email,
      confirmedEmail: email,
      name: `User ${id.slice(0, 8)}`,
      passwordHash: password === undefined ? null : await hashPassword(password),
    },
    select: { id: true, name: true, email: true, passwordHash: true },
  });
}

/** A team with the built-in roles, its own Admin and a unique slug. */
export async function createTestTeam(): Promise<TestTeam> {
  const owner = await createTestUser();
  return db.$transaction((tx) => createTeam(tx, `Team ${randomUUID()}`, owner, NOWHERE));
}

/** A team member as an actor; `permissions` gives them their own role. */
export async function createTestMember(team: TestTeam, choice: RoleChoice = {}, user?: TestUser): Promise<Actor> {
  const { id: userId, name } = user ?? (await createTestUser());
  const role = await roleFor(team, choice);
  const { id } = await db.member.create({ data: { teamId: team.id, userId, roleId: role.id }, select: { id: true } });
  return {
    userId,
    name,
    memberId: id,
    teamId: team.id,
    roleName: role.name,
    permissions: permissionsOf(role),
    // Current on each access; a real actor is created per request.
    get now() {
      return new Date();
    },
    ip: "192.0.2.1",
    userAgent: "test",
  };
}

/** A Developer in their own team. */
export async function createTestDeveloper(): Promise<Actor> {
  return createTestMember(await createTestTeam(), { role: "Developer" });
}

async function roleFor(team: TestTeam, choice: RoleChoice) {
  if ("permissions" in choice) {
    return db.role.create({ data: { teamId: team.id, name: randomUUID(), permissions: choice.permissions } });
  }
  const name = choice.role ?? "Developer";
  return db.role.findUniqueOrThrow({ where: { teamId_name: { teamId: team.id, name } } });
}

/** Replaces the permissions of the member's role, and thus of all its members. */
export async function setRolePermissions(member: Actor, permissions: string[]): Promise<void> {
  await db.role.updateMany({
    where: { members: { some: { id: member.memberId } } },
    data: { permissions, grantsAll: false },
  });
}

type KeyOverrides = Partial<Omit<KeyColumns, "id">>;

/** A key row, including states that no operation creates directly, such as long expired. */
export async function createTestKey(
  owner: Actor,
  overrides: KeyOverrides = {},
): Promise<{ id: string; token: string; team: { id: string } }> {
  const { token, row } = keyRow(owner, overrides);
  const { id } = await db.apiKey.create({ data: row, select: { id: true } });
  return { id, token, team: { id: row.teamId } };
}

/** Inserts many such keys in one statement, in this order; returns their IDs. */
export async function createTestKeys(owner: Actor, overrides: KeyOverrides[]): Promise<string[]> {
  const data = overrides.map((each) => keyRow(owner, each).row);
  const created = await db.apiKey.createManyAndReturn({ data, select: { id: true } });
  return created.map(({ id }) => id);
}

function keyRow(owner: Actor, overrides: KeyOverrides) {
  const kind = overrides.kind ?? "personal";
  const { token, ...tokenColumns } = generateToken(kind);
  const memberId = kind === "personal" ? owner.memberId : null;
  const usual = { kind, teamId: owner.teamId, memberId, name: "Test key", scopes: ["events.read"] };
  return { token, row: { ...tokenColumns, ...usual, ...overrides } };
}

/** Sets the key's last use. */
export async function recordTestUse(keyId: string, at: Date): Promise<void> {
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const { teamId } = await db.apiKey.findUniqueOrThrow({ where: { id: keyId }, select: { teamId: true } });
  const use = { teamId, lastUsedAt: at, hour, calls: 1 };
  await db.apiKeyUsage.upsert({ where: { keyId }, create: { keyId, ...use }, update: use });
}

/** The team's audit entries with one action, oldest first. */
export async function auditEntries(teamId: string, action: string) {
  return db.auditEntry.findMany({
    where: { teamId, action },
    omit: { seq: true, hash: true },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
