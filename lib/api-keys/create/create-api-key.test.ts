import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { apiKeyListSchema, listApiKeys } from "@/lib/api-keys/queries";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { hashToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { tablesContaining } from "@/lib/testing/database-search";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  setRolePermissions,
} from "@/lib/testing/fixtures";

const input = createApiKeySchema.parse({
  name: "Zapier",
  scopes: ["events.read", "reports.write"],
  expiry: { in: "90d" },
});

const keysOf = (memberId: string) => db.apiKey.findMany({ where: { memberId } });

describe("creating a key", () => {
  test("stores the row that the response describes, and the hash of its token", async () => {
    const actor = await createTestDeveloper();
    const { key, token } = await createApiKey(actor, input);
    const row = await db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect(row).toMatchObject({
      teamId: actor.teamId,
      memberId: actor.memberId,
      kind: "personal",
      name: "Zapier",
      scopes: ["events.read", "reports.write"],
      tokenStart: token.slice(0, 11),
      tokenLastFour: token.slice(-4),
      revokedAt: null,
    });
    expect(Buffer.from(row.tokenHash)).toEqual(hashToken(token));
    expect(row.expiresAt?.getTime()).toBe(row.createdAt.getTime() + 90 * 86_400_000);
    expect(key).toMatchObject({ name: "Zapier", status: "active", expiresAt: row.expiresAt?.toISOString() });
    expect([key.withheldScopes, key.isOwnerInactive]).toEqual([[], false]);
  });

  test("answers with the key as it is in the database, also right after its maker's role was widened", async () => {
    const actor = await createTestMember(await createTestTeam(), { permissions: ["developer.manage_tokens"] });
    await setRolePermissions(actor, ["developer.manage_tokens", ...input.scopes]);
    const { key } = await createApiKey(actor, input);
    const { keys } = await listApiKeys(actor, "personal", apiKeyListSchema.parse({}));
    expect(keys).toEqual([key]);
    expect(key.withheldScopes).toEqual([]);
  });

  test("writes one audit entry with actor, key and address", async () => {
    const actor = await createTestDeveloper();
    const { key } = await createApiKey(actor, input);
    const entries = await auditEntries(actor.teamId, "api_key.created");
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      actorId: actor.userId,
      actorName: actor.name,
      targetType: "api_key",
      targetId: key.id,
      targetLabel: "Zapier",
      ip: "192.0.2.1",
      userAgent: "test",
      details: { scopes: ["events.read", "reports.write"], expires_at: key.expiresAt },
    });
  });

  test("stores the token nowhere in the database, as text, bytes or in part", async () => {
    const { token } = await createApiKey(await createTestDeveloper(), input);
    const secret = token.slice("lk_pat_".length);
    expect(await tablesContaining(hashToken(token).toString("hex"))).toEqual(["api_keys"]);
    const forms = [
      secret.slice(8, 24),
      secret.slice(-20),
      Buffer.from(token).toString("hex"),
      Buffer.from(token).toString("base64"),
    ];
    for (const form of forms) expect(await tablesContaining(form)).toEqual([]);
  });

  test("without a name labels the audit entry with the token's start", async () => {
    const actor = await createTestDeveloper();
    const { key } = await createApiKey(actor, { ...input, name: null, expiry: { in: "never" } });
    expect(key).toMatchObject({ name: null, expiresAt: null });
    expect(await auditEntries(actor.teamId, "api_key.created")).toMatchObject([{ targetLabel: key.tokenStart }]);
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await createTestDeveloper();
    // PostgreSQL takes no NUL, and of the two inserts only the audit entry holds the actor's name.
    await expect(createApiKey({ ...actor, name: "Ada\0" }, input)).rejects.toThrow();
    expect(await keysOf(actor.memberId)).toEqual([]);
  });
});

describe("creating a key is refused", () => {
  test("without the permission to manage tokens", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Member" });
    await expectAppError(createApiKey(actor, input), "forbidden");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("when the role lost the permission after the page was opened", async () => {
    const actor = await createTestMember(await createTestTeam(), {
      permissions: ["developer.manage_tokens", "events.read"],
    });
    await setRolePermissions(actor, ["events.read"]);
    await expectAppError(createApiKey(actor, { ...input, scopes: ["events.read"] }), "forbidden");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("when the member got a lesser role after the page was opened", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Developer" });
    const viewer = await db.role.findFirstOrThrow({ where: { teamId: team.id, name: "Viewer" } });
    await db.member.update({ where: { id: actor.memberId }, data: { roleId: viewer.id } });
    await expectAppError(createApiKey(actor, input), "forbidden");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("to a member who was removed after the page was opened", async () => {
    const actor = await createTestDeveloper();
    await db.member.update({ where: { id: actor.memberId }, data: { removedAt: new Date() } });
    const error = await expectAppError(createApiKey(actor, input), "forbidden");
    expect(error.message).toBe("You are no longer a member of this team.");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("to a user who was disabled after the page was opened", async () => {
    const actor = await createTestDeveloper();
    await db.user.update({ where: { id: actor.userId }, data: { disabledAt: new Date() } });
    await expectAppError(createApiKey(actor, input), "forbidden");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("to a member of another team", async () => {
    const actor = await createTestDeveloper();
    const elsewhere = await createTestTeam();
    await expectAppError(createApiKey({ ...actor, teamId: elsewhere.id }, input), "forbidden");
    expect(await db.apiKey.count({ where: { teamId: elsewhere.id } })).toBe(0);
  });

  test.each([
    "nothing.read",
    "team.manage_keys",
    "developer.manage_tokens",
    "keys.verify",
    "toString",
    "events.read\0",
  ])("with %j, which is no API permission, at its field", async (scope) => {
    const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
    const error = await expectAppError(createApiKey(actor, { ...input, scopes: ["events.read", scope] }), "invalid");
    expect(error.fields).toEqual({ scopes: error.message });
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test("with a scope that the role doesn't have, at its field", async () => {
    const actor = await createTestMember(await createTestTeam(), {
      permissions: ["developer.manage_tokens", "events.read"],
    });
    const error = await expectAppError(
      createApiKey(actor, { ...input, scopes: ["events.read", "events.write"] }),
      "forbidden",
    );
    expect(error.fields.scopes).toContain("events.write");
    expect(await keysOf(actor.memberId)).toEqual([]);
  });

  test.each([
    ["now", new Date().toISOString(), "Choose a date in the future."],
    ["past", "2020-01-01T00:00:00Z", "Choose a date in the future."],
    ["in the year 9999", "9999-12-31T23:59:59Z", "Choose a date within 10 years, or “Never”."],
  ])("with an expiry that is %s, at its field", async (_, at, message) => {
    const actor = await createTestDeveloper();
    const dated = createApiKeySchema.parse({ ...input, expiry: { at } });
    await expect(createApiKey(actor, dated)).rejects.toMatchObject({ code: "invalid", fields: { expiry: message } });
    expect(await keysOf(actor.memberId)).toHaveLength(0);
  });

  test("with a scope that the role lost after the page was opened", async () => {
    const actor = await createTestDeveloper();
    await setRolePermissions(actor, ["developer.manage_tokens", "events.read"]);
    await expectAppError(createApiKey(actor, { ...input, scopes: ["events.write"] }), "forbidden");
  });
});

describe("the limit of ten active keys", () => {
  test("holds when fifty are created at once: exactly ten exist", async () => {
    const actor = await createTestDeveloper();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => createApiKey(actor, input)));
    const refusals = results.filter((result) => result.status === "rejected").map(({ reason }) => reason.code);
    expect(refusals).toEqual(Array(40).fill("limit_reached"));
    expect(await keysOf(actor.memberId)).toHaveLength(10);
    expect(await auditEntries(actor.teamId, "api_key.created")).toHaveLength(10);
  });

  test("doesn't count revoked and expired keys, team keys or other members' keys", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team);
    const colleague = await createTestMember(team);
    for (let index = 0; index < 9; index++) {
      await createTestKey(actor, { expiresAt: inDays(1) });
      await createTestKey(actor, { revokedAt: inDays(-1) });
      await createTestKey(actor, { expiresAt: inDays(-1) });
      await createTestKey(actor, { kind: "team" });
      await createTestKey(colleague);
    }
    await expect(createApiKey(actor, input)).resolves.toBeDefined();
    await expectAppError(createApiKey(actor, input), "limit_reached");
  });

  test("is each member's own", async () => {
    const team = await createTestTeam();
    const [actor, colleague] = [await createTestMember(team), await createTestMember(team)];
    for (let index = 0; index < 10; index++) await createTestKey(colleague);
    await expect(createApiKey(actor, input)).resolves.toBeDefined();
  });
});
