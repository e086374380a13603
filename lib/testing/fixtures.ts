import { randomUUID } from "node:crypto";
import type { KeyColumns } from "@/lib/api-keys/columns";
import { generateToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { hashPassword } from "@/lib/auth/passwords";
import { permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { createTeam } from "@/lib/teams/create-team";

/** Tests share one database and run at the same time: each makes the team it works in. */
export type TestTeam = { id: string; slug: string };
export type TestUser = { id: string; name: string; email: string };
/** As a sign-in reads it. */
export type TestAccount = TestUser & { passwordHash: string | null };

type RoleChoice = { role?: "Admin" | "Developer" | "Member" | "Viewer" } | { permissions: string[] };

export const NOWHERE = { ip: null, userAgent: null };
/** For a sign-in: one that nobody used before. */
export const NEW_BROWSER = { previousSecret: null };

/** A user without a team; with a password only where the test signs in, because hashing takes its time. */
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

/** A team with the built-in roles, an Admin of its own and a slug that nobody else has. */
export async function createTestTeam(): Promise<TestTeam> {
  const owner = await createTestUser();
  return db.$transaction((tx) => createTeam(tx, `Team ${randomUUID()}`, owner, NOWHERE));
}

/** A member of the team as the actor of an operation; `permissions` gives them a role of their own. */
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
    // Of each request anew, where a real actor is.
    get now() {
      return new Date();
    },
    ip: "192.0.2.1",
    userAgent: "test",
  };
}

/** A Developer in a team of their own. */
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

/** Replaces what the member's role grants; members with the same role change with them. */
export async function setRolePermissions(member: Actor, permissions: string[]): Promise<void> {
  await db.role.updateMany({
    where: { members: { some: { id: member.memberId } } },
    data: { permissions, grantsAll: false },
  });
}

type KeyOverrides = Partial<Omit<KeyColumns, "id">>;

/** A key as a row, also in states that no operation makes at once: long expired, revoked last year. */
export async function createTestKey(
  owner: Actor,
  overrides: KeyOverrides = {},
): Promise<{ id: string; token: string; team: { id: string } }> {
  const { token, row } = keyRow(owner, overrides);
  const { id } = await db.apiKey.create({ data: row, select: { id: true } });
  return { id, token, team: { id: row.teamId } };
}

/** Many such keys in one statement, in the given order; returns their ids. */
export async function createTestKeys(owner: Actor, overrides: KeyOverrides[]): Promise<string[]> {
  const data = overrides.map((each) => keyRow(owner, each).row);
  const created = await db.apiKey.createManyAndReturn({ data, select: { id: true } });
  return created.map(({ id }) => id);
}

function keyRow(owner: Actor, overrides: KeyOverrides) {
  const kind = overrides.kind ?? "personal";
  const { token, ...kept } = generateToken(kind);
  const memberId = kind === "personal" ? owner.memberId : null;
  const usual = { kind, teamId: owner.teamId, memberId, name: "Test key", scopes: ["events.read"] };
  return { token, row: { ...kept, ...usual, ...overrides } };
}

/** As if the key had last been used then. */
export async function recordTestUse(keyId: string, at: Date): Promise<void> {
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const { teamId } = await db.apiKey.findUniqueOrThrow({ where: { id: keyId }, select: { teamId: true } });
  const use = { teamId, lastUsedAt: at, hour, calls: 1 };
  await db.apiKeyUsage.upsert({ where: { keyId }, create: { keyId, ...use }, update: use });
}

/** The team's audit entries about one thing, oldest first. */
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
