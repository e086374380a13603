import { beforeAll, describe, expect, it } from "vitest";
import { MAX_ACTIVE_KEYS } from "../../lib/api-keys/limits.ts";
import { keyStatus, sqlActive } from "../../lib/api-keys/status.ts";
import { isWellFormedToken } from "../../lib/api-keys/token.ts";
import { permissionsOf } from "../../lib/auth/permissions.ts";
import { db } from "../../lib/database/db.ts";
import { apiPermissions } from "../../lib/permissions/catalog.ts";
import { createTeam } from "../../lib/teams/create-team.ts";
import { addKeys } from "./add-keys.ts";
import { addMembers } from "./add-members.ts";
import { createRandom } from "./random.ts";

const PASSWORD_HASH = "no password has this hash";
const MEMBERS = 40;
const KEYS = 600;

let teamId: string;
let adminId: string;
const tokens: string[] = [];

async function seedTwice() {
  for (const seed of [1, 1]) {
    await addMembers(teamId, MEMBERS / 2, PASSWORD_HASH, createRandom(seed));
    await addKeys(teamId, KEYS / 2, createRandom(seed), { onActiveTokens: (active) => tokens.push(...active) });
  }
}

beforeAll(async () => {
  const admin = await db.user.create({ data: { name: "First Admin", email: `${crypto.randomUUID()}@example.org` } });
  const team = await db.$transaction((tx) => createTeam(tx, "Seeded", admin, { ip: null, userAgent: null }));
  teamId = team.id;
  adminId = admin.id;
  await seedTwice();
});

function readKeys() {
  return db.apiKey.findMany({
    where: { teamId },
    include: { usage: true, member: { include: { role: true } }, responsibleMember: { include: { role: true } } },
  });
}

describe("a team that was seeded twice", () => {
  it("has everybody and every key that was asked for, with no address used twice", async () => {
    const members = await db.member.findMany({ where: { teamId }, include: { user: true } });
    expect(members).toHaveLength(1 + MEMBERS);
    expect(new Set(members.map(({ user }) => user.email)).size).toBe(1 + MEMBERS);
    expect(await db.apiKey.count({ where: { teamId } })).toBe(KEYS);
  });

  it("has no member with more active keys than the limit, and leaves room to make one by hand", async () => {
    const held = await db.$queryRaw<{ keys: number }[]>`
      select count(*)::int as keys from api_keys k
      where k.team_id = ${teamId}::uuid and k.kind = 'personal' and ${sqlActive()} group by k.member_id`;
    expect(held.length).toBeGreaterThan(1);
    for (const { keys } of held) expect(keys).toBeLessThan(MAX_ACTIVE_KEYS);
  });

  it("gives keys only to members who may make them, and only scopes of their role", async () => {
    const known = apiPermissions();
    for (const { kind, member, responsibleMember, scopes } of await readKeys()) {
      const granted = permissionsOf((member ?? responsibleMember)?.role ?? { grantsAll: false, permissions: [] });
      expect(granted).toContain(kind === "personal" ? "developer.manage_tokens" : "team.manage_keys");
      expect(scopes.length).toBeGreaterThan(0);
      for (const scope of scopes) expect(known.includes(scope) && granted.has(scope), scope).toBe(true);
    }
  });

  it("says of each key who made it and when, and of each revoked one who revoked it and when", async () => {
    const entries = await db.auditEntry.findMany({ where: { teamId, targetType: "api_key" } });
    const said = (action: string) =>
      new Map(entries.filter((entry) => entry.action === action).map((entry) => [entry.targetId, entry]));
    const created = said("api_key.created");
    const revoked = said("api_key.revoked");
    const keys = await readKeys();
    for (const { id, name, tokenStart, createdAt, revokedAt, member, responsibleMember } of keys) {
      const entry = { actorId: (member ?? responsibleMember)?.userId, targetLabel: name ?? tokenStart };
      expect(created.get(id)).toMatchObject({ ...entry, at: createdAt });
      if (revokedAt) expect(revoked.get(id)).toMatchObject({ ...entry, at: revokedAt });
    }
    const revocations = keys.filter(({ revokedAt }) => revokedAt).length;
    expect(entries).toHaveLength(keys.length + revocations);
  });

  it("uses no key before it was made, after it ended, or in the future", async () => {
    const now = new Date();
    const statuses = new Set<string>();
    for (const { createdAt, expiresAt, revokedAt, usage } of await readKeys()) {
      const end = revokedAt ?? (expiresAt && expiresAt < now ? expiresAt : now);
      statuses.add(keyStatus({ expiresAt, revokedAt }, now));
      expect(createdAt <= end && end <= now).toBe(true);
      if (usage) expect(createdAt <= usage.lastUsedAt && usage.lastUsedAt <= end).toBe(true);
      if (revokedAt && expiresAt) expect(revokedAt < expiresAt).toBe(true);
    }
    expect([...statuses].sort()).toEqual(["active", "expired", "revoked"]);
  });

  it("gives the first admin the longest list", async () => {
    const lists = await db.apiKey.groupBy({
      by: "memberId",
      where: { teamId },
      _count: true,
      orderBy: { _count: { memberId: "desc" } },
    });
    const admin = await db.member.findFirstOrThrow({ where: { teamId, userId: adminId } });
    expect(lists[0]?.memberId).toBe(admin.id);
  });

  it("hands out the tokens of just the active keys, well-formed", async () => {
    const active = (await readKeys()).filter((key) => keyStatus(key, new Date()) === "active");
    expect(new Set(tokens).size).toBe(active.length);
    for (const token of tokens) expect(isWellFormedToken(token)).toBe(true);
  });
});
