import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { hashToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  setRolePermissions,
  type TestTeam,
} from "@/lib/testing/fixtures";

const input = createApiKeySchema.parse({
  kind: "team",
  name: "API gateway",
  scopes: ["events.read", "keys.verify"],
  expiry: { in: "1y" },
});

const keyManager = (team: TestTeam, ...apiScopes: string[]) =>
  createTestMember(team, { permissions: ["team.manage_keys", ...apiScopes] });
const keysOf = ({ teamId }: Actor) => db.apiKey.findMany({ where: { teamId } });

describe("creating a team key", () => {
  test("creates a row that belongs to the team and no member, and a token with the team prefix", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const { key, token } = await createApiKey(actor, input);
    expect(token).toMatch(/^lk_key_[0-9a-f]{72}$/);
    const row = await db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect(row).toMatchObject({
      kind: "team",
      teamId: actor.teamId,
      memberId: null,
      name: "API gateway",
      scopes: ["events.read", "keys.verify"],
      tokenStart: token.slice(0, 11),
    });
    expect(Buffer.from(row.tokenHash)).toEqual(hashToken(token));
    expect(key).toMatchObject({ kind: "team", name: "API gateway", status: "active" });
    expect(await decideAboutToken(token)).toEqual({ code: "valid", scopes: ["events.read", "keys.verify"] });
  });

  test("writes one audit entry with its creator and its kind", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const { key } = await createApiKey(actor, input);
    expect(await auditEntries(actor.teamId, "api_key.created")).toMatchObject([
      {
        actorId: actor.userId,
        targetId: key.id,
        targetLabel: "API gateway",
        details: { kind: "team", scopes: ["events.read", "keys.verify"], expires_at: key.expiresAt },
      },
    ]);
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    await expect(createApiKey({ ...actor, name: "Ada\0" }, input)).rejects.toThrow();
    expect(await keysOf(actor)).toEqual([]);
  });

  test("has no limit of ten, and takes none of its maker's ten", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
    for (let number = 0; number < 11; number++) await createApiKey(actor, input);
    const personal = createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "90d" } });
    for (let number = 0; number < 10; number++) await createApiKey(actor, personal);
    await expectAppError(createApiKey(actor, personal), "limit_reached");
    await expect(createApiKey(actor, input)).resolves.toBeDefined();
  });

  test("lets members who manage team keys grant the scope to verify, without any API permission of their own", async () => {
    const actor = await keyManager(await createTestTeam());
    const { key } = await createApiKey(actor, { ...input, scopes: ["keys.verify"] });
    expect(key.scopes).toEqual(["keys.verify"]);
  });
});

describe("a team key", () => {
  test("still works after its creator is demoted, removed and disabled", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const { token } = await createApiKey(actor, input);
    const good = { code: "valid", scopes: ["events.read", "keys.verify"] };
    await setRolePermissions(actor, []);
    expect(await decideAboutToken(token)).toEqual(good);
    await db.member.update({ where: { id: actor.memberId }, data: { removedAt: new Date() } });
    expect(await decideAboutToken(token)).toEqual(good);
    await db.user.update({ where: { id: actor.userId }, data: { disabledAt: new Date() } });
    expect(await decideAboutToken(token)).toEqual(good);
  });
});

describe("creating a team key is refused", () => {
  test("without the permission for it, and it isn't had by managing one's own keys", async () => {
    const team = await createTestTeam();
    for (const role of ["Developer", "Member", "Viewer"] as const) {
      const actor = await createTestMember(team, { role });
      const error = await expectAppError(createApiKey(actor, input), "forbidden");
      expect(error.message).toContain("“Manage team keys” (under Team)");
    }
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(0);
  });

  test("when the role lost the permission, or the member the team, after the page was opened", async () => {
    const team = await createTestTeam();
    const demoted = await keyManager(team, "events.read");
    await setRolePermissions(demoted, ["developer.manage_tokens", "events.read"]);
    const removed = await keyManager(team, "events.read");
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    for (const actor of [demoted, removed]) await expectAppError(createApiKey(actor, input), "forbidden");
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(0);
  });

  test("to a member of another team", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const elsewhere = await createTestTeam();
    await expectAppError(createApiKey({ ...actor, teamId: elsewhere.id }, input), "forbidden");
    expect(await db.apiKey.count({ where: { teamId: elsewhere.id } })).toBe(0);
  });

  test("with a scope that the maker's own role doesn't have, or no longer has, at its field", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const wider = { ...input, scopes: ["events.read", "events.write", "keys.verify"] };
    const error = await expectAppError(createApiKey(actor, wider), "forbidden");
    expect(error.fields.scopes).toContain("events.write");
    await setRolePermissions(actor, ["team.manage_keys"]);
    await expectAppError(createApiKey(actor, input), "forbidden");
    expect(await keysOf(actor)).toEqual([]);
  });

  test.each(["nothing.read", "team.manage_keys", "keys.manage", "toString", "keys.verify\0"])(
    "with %j, which is no scope, at its field",
    async (scope) => {
      const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
      const error = await expectAppError(createApiKey(actor, { ...input, scopes: ["keys.verify", scope] }), "invalid");
      expect(error.fields).toEqual({ scopes: "One of these scopes doesn't exist." });
      expect(await keysOf(actor)).toEqual([]);
    },
  );
});

describe("a personal key", () => {
  test("never gets the scope to verify, not even an Admin's", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
    for (const scopes of [["keys.verify"], ["events.read", "keys.verify"]]) {
      const error = await expectAppError(createApiKey(actor, { ...input, kind: "personal", scopes }), "invalid");
      expect(error.fields).toEqual({ scopes: "Only a team key can have keys.verify." });
    }
    expect(await keysOf(actor)).toEqual([]);
  });

  test("can't be made with the permission for team keys", async () => {
    const actor = await keyManager(await createTestTeam(), "events.read");
    const error = await expectAppError(
      createApiKey(actor, { ...input, kind: "personal", scopes: ["events.read"] }),
      "forbidden",
    );
    expect(error.message).toContain("“Manage API tokens” (under Developer)");
    expect(await keysOf(actor)).toEqual([]);
  });
});
