import { describe, expect, test } from "vitest";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestKey,
  createTestMember,
  createTestTeam,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { rowOf } from "@/lib/testing/key-state";

describe("who rotates", () => {
  test("a personal key: its member alone, for they are shown the token", async () => {
    const team = await createTestTeam();
    const { id } = await createTestKey(await createTestMember(team));
    for (const actor of [await createTestMember(team, { role: "Admin" }), await createTestMember(team)]) {
      await expectAppError(rotateApiKey(actor, { id, overlap: "1h" }), "not_found");
    }
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(1);
  });

  test("a team key: members who manage team keys, but not those of another team", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(admin, { kind: "team" });
    await expectAppError(rotateApiKey(await createTestMember(team), { id, overlap: "1h" }), "not_found");
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    const error = await expectAppError(rotateApiKey(stranger, { id, overlap: "1h" }), "not_found");
    expect(error.message).toBe("API key not found.");
    const { token, key } = await rotateApiKey(admin, { id, overlap: "1h" });
    expect(token).toMatch(/^lk_key_/);
    expect(key).toMatchObject({ kind: "team", owner: null, responsible: { id: admin.memberId } });
  });

  test("not one who just lost the permission or the team", async () => {
    const team = await createTestTeam();
    const demoted = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] });
    const removed = await createTestMember(team);
    const keys = [await createTestKey(demoted), await createTestKey(removed)];
    await setRolePermissions(demoted, ["events.read"]);
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    await expectAppError(rotateApiKey(demoted, { id: keys[0]?.id ?? "", overlap: "1h" }), "forbidden");
    await expectAppError(rotateApiKey(removed, { id: keys[1]?.id ?? "", overlap: "1h" }), "forbidden");
  });

  test("scopes beyond the actor's role are dropped, and named", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const manager = await createTestMember(team, { permissions: ["team.manage_keys", "events.read"] });
    const scopes = ["events.read", "events.write", "keys.verify"];
    const { id } = await createTestKey(admin, { kind: "team", scopes });
    const { key, droppedScopes, token } = await rotateApiKey(manager, { id, overlap: "1h" });
    expect(key.scopes).toEqual(["events.read", "keys.verify"]);
    expect(droppedScopes).toEqual(["events.write"]);
    expect(await decideAboutToken(token)).toEqual({ code: "valid", scopes: ["events.read", "keys.verify"] });
    const [entry] = await auditEntries(team.id, "api_key.rotated");
    expect(entry?.details).toMatchObject({ dropped_scopes: ["events.write"] });
  });

  test("a key without any scope left can't be rotated", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const { id } = await createTestKey(manager, { kind: "team", scopes: ["events.write"] });
    await expectAppError(rotateApiKey(manager, { id, overlap: "none" }), "forbidden");
    expect((await rowOf(id)).revokedAt).toBeNull();
  });
});
