import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { generateToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { db, pool } from "@/lib/database/db";
import {
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  NOWHERE,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { ANY_RESOURCE } from "@/lib/verification/decide";
import { verifyToken } from "@/lib/verification/verify-token";

const CONTEXT = { endpoint: "me", requestId: "r1", client: NOWHERE } as const;

const verify = async (token: string, scope?: string, ip: string | null = null) =>
  (await verifyToken(token, { scopes: scope === undefined ? [] : [scope], resource: ANY_RESOURCE, ip }, CONTEXT))
    .decision;

describe("a live token", () => {
  test("is good, and tells its key, team and member", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Developer" });
    const { id, token } = await createTestKey(actor, { name: "Zapier", scopes: ["events.read"] });
    const { decision, key } = await verifyToken(token, { scopes: ["events.read"], ip: null }, CONTEXT);
    expect(decision).toEqual({ code: "valid", scopes: ["events.read"] });
    expect(key).toMatchObject({
      id,
      name: "Zapier",
      kind: "personal",
      team: { id: team.id, slug: team.slug },
      member: { id: actor.memberId, name: actor.name, roleName: "Developer" },
    });
    expect(JSON.stringify(key)).not.toContain(token.slice(11, -4));
  });

  test("is not good for a scope that its key doesn't have", async () => {
    const { token } = await createTestKey(await createTestDeveloper(), { scopes: ["events.read"] });
    expect(await verify(token, "events.write")).toEqual({
      code: "insufficient_scope",
      scopes: ["events.read"],
      missing: ["events.write"],
    });
  });

  test("of a team's key is good without any member", async () => {
    const { token } = await createTestKey(await createTestDeveloper(), { kind: "team", scopes: ["events.write"] });
    const { decision, key } = await verifyToken(token, { scopes: ["events.write"], ip: null }, CONTEXT);
    expect(decision).toEqual({ code: "valid", scopes: ["events.write"] });
    expect(key).toMatchObject({ kind: "team", member: null });
  });
});

describe("the first verification after a change has committed sees it:", () => {
  const changes: [string, (actor: Actor, id: string) => Promise<unknown>, string][] = [
    ["revoked", (actor, id) => revokeApiKey(actor, { id }), "revoked"],
    [
      "expiry moved into the past",
      (_, id) => db.apiKey.update({ where: { id }, data: { expiresAt: inDays(-1) } }),
      "expired",
    ],
    [
      "narrowed to addresses",
      (_, id) => db.apiKey.update({ where: { id }, data: { allowedIps: ["192.0.2.7"] } }),
      "ip_not_allowed",
    ],
    ["narrowed in scope", (_, id) => db.apiKey.update({ where: { id }, data: { scopes: [] } }), "insufficient_scope"],
    [
      "member removed",
      ({ memberId }) => db.member.update({ where: { id: memberId }, data: { removedAt: new Date() } }),
      "owner_inactive",
    ],
    [
      "user disabled",
      ({ userId }) => db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } }),
      "owner_inactive",
    ],
    [
      "member disabled",
      ({ memberId }) => db.member.update({ where: { id: memberId }, data: { disabledAt: new Date() } }),
      "owner_inactive",
    ],
    ["role lost the permission", (actor) => setRolePermissions(actor, ["events.write"]), "insufficient_scope"],
    ["another role", (actor) => moveToEmptyRole(actor), "insufficient_scope"],
  ];

  test.each(changes)("%s", async (_, change, expected) => {
    const actor = await createTestMember(await createTestTeam(), {
      permissions: ["developer.manage_tokens", "events.read"],
    });
    const { id, token } = await createTestKey(actor, { scopes: ["events.read"] });
    expect((await verify(token, "events.read")).code).toBe("valid");
    await change(actor, id);
    expect((await verify(token, "events.read")).code).toBe(expected);
  });

  test("and sees what was given back", async () => {
    const actor = await createTestMember(await createTestTeam(), { permissions: ["developer.manage_tokens"] });
    const { id, token } = await createTestKey(actor, { scopes: ["events.read"], expiresAt: inDays(1) });
    expect((await verify(token, "events.read")).code).toBe("insufficient_scope");
    await setRolePermissions(actor, ["events.read", "developer.manage_tokens"]);
    await changeExpiry(actor, { id, expiry: { in: "never" } });
    expect((await verify(token, "events.read")).code).toBe("valid");
  });

  test("policy made, changed and withdrawn", async () => {
    const { teamId, ...owner } = await createTestDeveloper();
    const { token } = await createTestKey({ teamId, ...owner }, { scopes: ["events.read"], createdAt: inDays(-1) });
    const policyOf = (change: object) => ({ requiresIps: false, changedAt: inDays(-2), ...change });
    const codes: string[] = [];
    const look = async () => codes.push((await verify(token, "events.read")).code);
    await look();
    await db.teamPolicy.create({ data: { teamId, ...policyOf({ requiresIps: true }) } });
    await look();
    await db.teamPolicy.update({
      where: { teamId },
      data: policyOf({ limitsScopes: true, memberScopes: ["reports.read"] }),
    });
    await look();
    await db.teamPolicy.update({ where: { teamId }, data: policyOf({ limitsScopes: false, mayNeverExpire: false }) });
    await look();
    await db.teamPolicy.update({ where: { teamId }, data: { changedAt: new Date() } });
    await look();
    await db.teamPolicy.update({ where: { teamId }, data: policyOf({}) });
    await look();
    await ownerDb.teamPolicy.delete({ where: { teamId } });
    await look();
    expect(codes).toEqual(["valid", "ip_not_allowed", "insufficient_scope", "expired", "valid", "expired", "valid"]);
  });

  test("narrowed to another resource", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper());
    const about = { scopes: ["events.read"], resource: "event:1", ip: null };
    expect((await verifyToken(token, about, CONTEXT)).decision.code).toBe("valid");
    await db.apiKey.update({ where: { id }, data: { resource: "event:2" } });
    expect((await verifyToken(token, about, CONTEXT)).decision.code).toBe("wrong_resource");
  });

  test("but nothing that hasn't committed", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper());
    const client = await pool.connect();
    await client.query("begin");
    await client.query("update api_keys set revoked_at = now() where id = $1", [id]);
    expect((await verify(token)).code).toBe("valid");
    await client.query("commit");
    client.release();
    expect((await verify(token)).code).toBe("revoked");
  });
});

async function moveToEmptyRole({ teamId, memberId }: Actor): Promise<void> {
  const role = await db.role.create({ data: { teamId, name: "Nothing", permissions: [] } });
  await db.member.update({ where: { id: memberId }, data: { roleId: role.id } });
}

describe("a personal key never does more than its member may do now", () => {
  test("its effective scopes shrink and grow with the role", async () => {
    const actor = await createTestMember(await createTestTeam(), { permissions: ["events.read", "events.write"] });
    const { token } = await createTestKey(actor, { scopes: ["events.read", "events.write", "reports.read"] });
    expect(await verify(token)).toEqual({ code: "valid", scopes: ["events.read", "events.write"] });
    await setRolePermissions(actor, ["events.read"]);
    expect(await verify(token)).toEqual({ code: "valid", scopes: ["events.read"] });
    await setRolePermissions(actor, ["events.read", "events.write", "reports.read", "reports.write"]);
    expect(await verify(token)).toEqual({ code: "valid", scopes: ["events.read", "events.write", "reports.read"] });
  });

  test("an Admin's role doesn't widen a narrow key", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
    const { token } = await createTestKey(actor, { scopes: ["events.read"] });
    expect(await verify(token, "events.write")).toMatchObject({ code: "insufficient_scope", scopes: ["events.read"] });
  });

  test("a role in another team opens nothing in this one", async () => {
    const here = await createTestMember(await createTestTeam(), { permissions: [] });
    const user = { id: here.userId, name: here.name, email: "" };
    await createTestMember(await createTestTeam(), { role: "Admin" }, user);
    const { token } = await createTestKey(here, { scopes: ["events.read"] });
    expect(await verify(token, "events.read")).toMatchObject({ code: "insufficient_scope", scopes: [] });
  });
});

test("a well-formed token that nobody made is not found", async () => {
  expect(await verify(generateToken("personal").token)).toEqual({ code: "not_found" });
});

const renamings: [string, (actor: Actor) => Promise<unknown>, object][] = [
  [
    "team",
    ({ teamId }) => ownerDb.team.update({ where: { id: teamId }, data: { name: "New" } }),
    { team: { name: "New" } },
  ],
  [
    "user",
    ({ userId }) => db.user.update({ where: { id: userId }, data: { name: "New" } }),
    { member: { name: "New" } },
  ],
  [
    "role",
    ({ memberId }) => db.role.updateMany({ where: { members: { some: { id: memberId } } }, data: { name: "New" } }),
    { member: { roleName: "New" } },
  ],
];

test.each(renamings)("the first verification after its %s was renamed tells the new name", async (_, rename, told) => {
  const actor = await createTestDeveloper();
  const { token } = await createTestKey(actor);
  const find = async () => (await verifyToken(token, { ip: null }, CONTEXT)).key;
  expect(await find()).not.toMatchObject(told);
  await rename(actor);
  expect(await find()).toMatchObject(told);
});

describe("a change of one member's rights", () => {
  test("leaves the keys of others in the team what they were", async () => {
    const team = await createTestTeam();
    const [one, other] = [await createTestMember(team), await createTestMember(team)];
    const [ofOne, ofOther] = [await createTestKey(one), await createTestKey(other)];
    await Promise.all([verify(ofOne.token), verify(ofOther.token)]);
    await db.member.update({ where: { id: one.memberId }, data: { removedAt: new Date() } });
    const decisions = await Promise.all([verify(ofOne.token, "events.read"), verify(ofOther.token, "events.read")]);
    expect(decisions.map(({ code }) => code)).toEqual(["owner_inactive", "valid"]);
  });

  test("counts in each team of a user who is disabled", async () => {
    const here = await createTestDeveloper();
    const user = { id: here.userId, name: here.name, email: "" };
    const there = await createTestMember(await createTestTeam(), {}, user);
    const tokens = [(await createTestKey(here)).token, (await createTestKey(there)).token];
    for (const token of tokens) expect((await verify(token)).code).toBe("valid");
    await db.user.update({ where: { id: here.userId }, data: { disabledAt: new Date() } });
    for (const token of tokens) expect((await verify(token)).code).toBe("owner_inactive");
  });

  test("that is rolled back changes nothing, and one that commits afterwards does", async () => {
    const actor = await createTestMember(await createTestTeam(), { permissions: ["events.read"] });
    const { token } = await createTestKey(actor);
    const client = await pool.connect();
    const takeAway = () =>
      client.query("update roles set permissions = '{}' where id = (select role_id from members where id = $1)", [
        actor.memberId,
      ]);
    await client.query("begin");
    await takeAway();
    expect((await verify(token, "events.read")).code).toBe("valid");
    await client.query("rollback");
    expect((await verify(token, "events.read")).code).toBe("valid");
    await takeAway();
    client.release();
    expect((await verify(token, "events.read")).code).toBe("insufficient_scope");
  });
});
