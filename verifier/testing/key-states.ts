import type { Prisma } from "@/generated/prisma/client";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { createTestKey, createTestMember, inDays, type TestTeam } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import type { DecisionCode, KeyState } from "@/lib/verification/decide";

/** A request about a key, sent to every endpoint as far as the endpoint supports it. */
export interface Question {
  scope: string;
  resource?: string;
  ip?: string;
}

export interface KeyCase {
  name: string;
  /** What decides about a reading request for this question. */
  code: DecisionCode;
  question?: Partial<Question>;
  /** Makes the key; returns its token. */
  create(team: TestTeam, otherTeam: TestTeam): Promise<string>;
}

export const INSIDE = "192.0.2.7";
const OUTSIDE = "198.51.100.7";
const OWN = "event:0190a5c4-0000-7000-8000-000000000001";
const OTHER = "event:0190a5c4-0000-7000-8000-000000000002";

type Overrides = Parameters<typeof createTestKey>[1];

async function tokenOf(team: TestTeam, overrides: Overrides = {}, permissions = ["events.read", "events.write"]) {
  const owner = await createTestMember(team, { permissions });
  return { owner, ...(await createTestKey(owner, overrides)) };
}

const key =
  (overrides: Overrides = {}) =>
  async (team: TestTeam) =>
    (await tokenOf(team, overrides)).token;

type Policy = Omit<Prisma.TeamPolicyUncheckedCreateInput, "teamId" | "changedAt">;

/** A key created just after its team adopted this policy, this many days ago. Earlier keys are unaffected. */
function underPolicy(policy: Policy, overrides: Overrides = {}, daysAgo = 0) {
  return async ({ id: teamId }: TestTeam) => {
    const changedAt = inDays(-daysAgo);
    await ownerDb.teamPolicy.deleteMany({ where: { teamId } });
    await db.teamPolicy.create({ data: { ...policy, teamId, changedAt } });
    const createdAt = new Date(changedAt.getTime() + 1);
    return key({ createdAt, ...overrides })({ id: teamId, slug: "" });
  };
}

/** All states of a key that endpoints must distinguish, each with its expected code. */
export const KEY_CASES: KeyCase[] = [
  { name: "an active key", code: "valid", create: key() },
  { name: "a key that expires later", code: "valid", create: key({ expiresAt: inDays(1) }) },
  { name: "a revoked key", code: "revoked", create: key({ revokedAt: new Date() }) },
  { name: "an expired key", code: "expired", create: key({ expiresAt: inDays(-1) }) },
  {
    name: "a key that expires right now",
    code: "expired",
    create: (team) => key({ expiresAt: new Date() })(team),
  },
  {
    name: "a key that is revoked and expired, of a member who is gone",
    code: "revoked",
    create: (team) => key({ revokedAt: new Date(), expiresAt: inDays(-1) })(team),
  },
  {
    name: "a key whose member was removed",
    code: "owner_inactive",
    async create(team) {
      const { owner, token } = await tokenOf(team);
      await db.member.update({ where: { id: owner.memberId }, data: { removedAt: new Date() } });
      return token;
    },
  },
  {
    name: "a key whose member was disabled",
    code: "owner_inactive",
    async create(team) {
      const { owner, token } = await tokenOf(team);
      await db.member.update({ where: { id: owner.memberId }, data: { disabledAt: new Date() } });
      return token;
    },
  },
  {
    name: "a key whose user was disabled",
    code: "owner_inactive",
    async create(team) {
      const { owner, token } = await tokenOf(team);
      await db.user.update({ where: { id: owner.userId }, data: { disabledAt: new Date() } });
      return token;
    },
  },
  {
    name: "a key whose member's role lacks the scope",
    code: "insufficient_scope",
    create: async (team) => (await tokenOf(team, {}, ["events.write"])).token,
  },
  { name: "a key short of the scope", code: "insufficient_scope", create: key({ scopes: ["reports.read"] }) },
  { name: "a key without any scope", code: "insufficient_scope", create: key({ scopes: [] }) },
  { name: "a team key", code: "valid", create: key({ kind: "team" }) },
  { name: "a revoked team key", code: "revoked", create: key({ kind: "team", revokedAt: new Date() }) },
  {
    name: "a key from an address it allows",
    code: "valid",
    question: { ip: INSIDE },
    create: key({ allowedIps: ["2001:db8::/32", "192.0.2.0/24"] }),
  },
  {
    name: "a key from an address it doesn't allow",
    code: "ip_not_allowed",
    question: { ip: OUTSIDE },
    create: key({ allowedIps: ["192.0.2.0/24"] }),
  },
  {
    name: "a key that allows addresses, from nobody knows where",
    code: "ip_not_allowed",
    question: { ip: undefined },
    create: key({ allowedIps: ["192.0.2.0/24"] }),
  },
  {
    name: "a narrowed key for its own resource",
    code: "valid",
    question: { resource: OWN },
    create: key({ resource: OWN }),
  },
  {
    name: "a narrowed key for another resource",
    code: "wrong_resource",
    question: { resource: OTHER },
    create: key({ resource: OWN }),
  },
  { name: "a narrowed key for no resource", code: "wrong_resource", create: key({ resource: OWN }) },
  {
    name: "a narrowed key for any resource",
    code: "valid",
    question: { resource: "*" },
    create: key({ resource: OWN }),
  },
  { name: "a token that nobody made", code: "not_found", create: async () => generateToken("personal").token },
  { name: "garbage", code: "not_found", create: async () => "garbage" },
  {
    name: "a token with one character changed",
    code: "not_found",
    async create(team) {
      const token = await key()(team);
      return token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
    },
  },
  { name: "another team's active key", code: "valid", create: (_, otherTeam) => key()(otherTeam) },
  {
    name: "another team's revoked key",
    code: "revoked",
    create: (_, otherTeam) => key({ revokedAt: new Date() })(otherTeam),
  },
  // Last, because they change the team's policy.
  {
    name: "a key without an expiry, made since no key may live for ever",
    code: "expired",
    create: underPolicy({ mayNeverExpire: false }),
  },
  {
    name: "a key that is older than its team lets keys become",
    code: "expired",
    create: underPolicy({ maxLifetimeDays: 30 }, { expiresAt: inDays(40) }, 40),
  },
  {
    name: "a key that its team lets live for a while yet",
    code: "valid",
    create: underPolicy({ maxLifetimeDays: 30 }, {}, 20),
  },
  {
    name: "a key that is older than its team's policy, and breaks it",
    code: "valid",
    create: underPolicy({ maxLifetimeDays: 30 }, { createdAt: inDays(-50) }, 40),
  },
  {
    name: "a key without addresses, made since every key must have some",
    code: "ip_not_allowed",
    create: underPolicy({ requiresIps: true }),
  },
  {
    name: "a member's key, made since those may not have the scope",
    code: "insufficient_scope",
    create: underPolicy({ limitsScopes: true, memberScopes: ["events.write"] }),
  },
  {
    name: "a team key, made since members' keys may not have the scope",
    code: "valid",
    create: underPolicy({ limitsScopes: true, memberScopes: ["events.write"] }, { kind: "team" }),
  },
];

/** The key of a token, read from the database independently of the endpoints. */
export async function stateOf(tokenHash: Uint8Array<ArrayBuffer>): Promise<(KeyState & { teamId: string }) | null> {
  const row = await db.apiKey.findUnique({
    where: { tokenHash },
    include: { member: { include: { role: true, user: true } }, team: { include: { policy: true } } },
  });
  if (!row) return null;
  const { member, team, ...key } = row;
  const role = member && { grantsAll: member.role.grantsAll, permissions: new Set(member.role.permissions) };
  const isActive = member !== null && !member.removedAt && !member.disabledAt && !member.user.disabledAt;
  const policy = team.policy && {
    ...team.policy,
    memberScopes: team.policy.limitsScopes ? team.policy.memberScopes : null,
  };
  return { ...key, member: role && { isActive, role }, policy };
}
