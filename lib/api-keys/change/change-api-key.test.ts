import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  DAY_MS,
  inDays,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { codeOf } from "@/lib/testing/key-state";

describe("renaming a key", () => {
  test("changes its name and nothing else, and the audit entry has both names", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { name: "test" });
    const before = await db.apiKey.findUniqueOrThrow({ where: { id } });
    expect(await renameApiKey(actor, { id, name: "Zapier" })).toMatchObject({ id, name: "Zapier", status: "active" });
    expect(await db.apiKey.findUnique({ where: { id } })).toEqual({ ...before, name: "Zapier" });
    expect(await auditEntries(actor.teamId, "api_key.renamed")).toMatchObject([
      { actorId: actor.userId, targetId: id, targetLabel: "test", details: { from: "test", to: "Zapier" } },
    ]);
  });

  test("to nothing takes its name away", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    expect(await renameApiKey(actor, { id, name: null })).toMatchObject({ name: null });
  });
});

describe("changing a key's expiry", () => {
  test("counts a chosen lifetime from now, and the audit entry has both dates", async () => {
    const actor = await createTestDeveloper();
    const from = inDays(3);
    const { id } = await createTestKey(actor, { expiresAt: from, createdAt: inDays(-80) });
    const earliest = Date.now() + 90 * DAY_MS;
    const changed = await changeExpiry(actor, { id, expiry: { in: "90d" } });
    const to = Date.parse(changed.expiresAt ?? "");
    expect(to).toBeGreaterThanOrEqual(earliest);
    expect(to).toBeLessThanOrEqual(Date.now() + 90 * DAY_MS);
    expect(await auditEntries(actor.teamId, "api_key.expiry_changed")).toMatchObject([
      { targetId: id, details: { from: from.toISOString(), to: changed.expiresAt } },
    ]);
  });

  test("to an instant sets exactly that, and to never sets none", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const at = inDays(12);
    expect(await changeExpiry(actor, { id, expiry: { at } })).toMatchObject({ expiresAt: at.toISOString() });
    expect(await changeExpiry(actor, { id, expiry: { in: "never" } })).toMatchObject({ expiresAt: null });
  });

  test("to a nearer date acts on the first request after it", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    const at = new Date(Date.now() + 1_000);
    await changeExpiry(actor, { id, expiry: { at } });
    expect(await codeOf(token)).toBe("valid");
    await expect.poll(() => codeOf(token)).toBe("expired");
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
  });

  test("can't bring a dead key back", async () => {
    const actor = await createTestDeveloper();
    for (const dates of [{ expiresAt: inDays(-1) }, { revokedAt: inDays(-1) }]) {
      const { id, token } = await createTestKey(actor, dates);
      await expectAppError(changeExpiry(actor, { id, expiry: { in: "1y" } }), "conflict");
      expect(await codeOf(token)).not.toBe("valid");
    }
  });
});

describe.each<[string, (actor: Actor, id: string) => Promise<unknown>]>([
  ["renaming", (actor, id) => renameApiKey(actor, { id, name: "Other" })],
  ["changing the expiry of", (actor, id) => changeExpiry(actor, { id, expiry: { in: "never" } })],
])("%s a key", (_, change) => {
  test("of a colleague or of another team finds nothing", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Admin" });
    const others = [
      await createTestKey(await createTestMember(team)),
      await createTestKey(await createTestDeveloper()),
    ];
    for (const { id } of others) {
      const before = await db.apiKey.findUnique({ where: { id } });
      const error = await expectAppError(change(actor, id), "not_found");
      expect(error.message).toBe("API key not found.");
      expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
    }
  });

  test("is forbidden without the permission, also to one who just lost it or was removed", async () => {
    const team = await createTestTeam();
    const viewer = await createTestMember(team, { role: "Viewer" });
    const demoted = await createTestMember(team, { permissions: ["developer.manage_tokens"] });
    await setRolePermissions(demoted, ["events.read"]);
    const removed = await createTestMember(team);
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    for (const actor of [viewer, demoted, removed]) {
      const { id } = await createTestKey(actor);
      const before = await db.apiKey.findUnique({ where: { id } });
      await expectAppError(change(actor, id), "forbidden");
      expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
    }
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { expiresAt: inDays(5) });
    const before = await db.apiKey.findUnique({ where: { id } });
    await expect(change({ ...actor, name: "Ada\0" }, id)).rejects.toThrow();
    expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
  });

  test("that was revoked meanwhile is a conflict", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { revokedAt: new Date() });
    await expectAppError(change(actor, id), "conflict");
  });
});
