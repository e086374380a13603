import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { generateToken, hashToken } from "@/lib/api-keys/token";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { explainStop, type StopStory } from "@/lib/insights/explain-stop";
import { stopQuestionSchema } from "@/lib/insights/stop-question";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
  setRolePermissions,
  type TestTeam,
} from "@/lib/testing/fixtures";

describe("why did it stop?", () => {
  let team: TestTeam;
  let owner: Actor;
  let admin: Actor;

  beforeEach(async () => {
    team = await createTestTeam();
    owner = await createTestMember(team, { role: "Developer" });
    admin = await createTestMember(team, { role: "Admin" });
  });

  async function refuse(keyId: string, code: string, more: { at?: Date; missing?: string[]; ip?: string } = {}) {
    const { at = new Date(), missing = [], ip = "203.0.113.9" } = more;
    const requestId = `req-${randomUUID()}`;
    await db.apiKeyRefusal.create({ data: { keyId, at, requestId, code, endpoint: "forward-auth", ip, missing } });
    const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
    const count = { calls: 1, lastAt: at, lastIp: ip };
    await db.apiKeyHour.upsert({
      where: { keyId_hour_code: { keyId, hour, code } },
      create: { keyId, hour, code, ...count },
      update: { calls: { increment: 1 }, lastAt: at, lastIp: ip },
    });
    return requestId;
  }

  async function storyAbout(actor: Actor, text: string): Promise<StopStory> {
    const answer = await explainStop(actor, { text });
    if (answer.found !== "story") return expect.fail(`found ${answer.found}`);
    return answer.story;
  }

  it("says who revoked the key, and when, to who asks by its id, name, prefix, token or a refused request", async () => {
    const { id, token } = await createTestKey(owner, { name: "Nightly export" });
    const requestId = await refuse(id, "revoked");
    await revokeApiKey(owner, { id });
    const prefix = `${token.slice(0, 11)}…${token.slice(-4)}`;
    for (const text of [id, "nightly EXPORT", prefix, requestId]) {
      const { verdict, details, asked } = await storyAbout(owner, text);
      expect(details.key.id).toBe(id);
      expect(verdict).toMatchObject({ code: "revoked", ending: { by: owner.name, action: "api_key.revoked" } });
      expect(asked?.requestId ?? null).toBe(text === requestId ? requestId : null);
    }
    const byToken = await explainStop(owner, { hash: hashToken(token).toString("hex") });
    expect(byToken).toMatchObject({ found: "story", story: { verdict: { code: "revoked" } } });
  });

  it("says when the key expired, and of an owner whether they were disabled or removed, and since when", async () => {
    const expiresAt = inDays(-3);
    const expired = await createTestKey(owner, { expiresAt });
    expect((await storyAbout(owner, expired.id)).verdict).toMatchObject({
      code: "expired",
      at: expiresAt.toISOString(),
    });
    const { id } = await createTestKey(owner);
    const disabledAt = inDays(-1);
    await db.member.update({ where: { id: owner.memberId }, data: { disabledAt } });
    expect((await storyAbout(admin, id)).verdict).toEqual({
      code: "owner_inactive",
      name: owner.name,
      state: "disabled",
      since: disabledAt.toISOString(),
    });
  });

  it("says from which address it was called and from which it may be", async () => {
    const { id } = await createTestKey(owner, { allowedIps: ["10.0.0.0/8"] });
    const requestId = await refuse(id, "ip_not_allowed", { ip: "198.51.100.7" });
    const { verdict } = await storyAbout(owner, requestId);
    expect(verdict).toEqual({ code: "ip_not_allowed", ip: "198.51.100.7", allowedIps: ["10.0.0.0/8"] });
  });

  it("tells a scope that the key lacks from one that its owner's role no longer grants", async () => {
    const { id } = await createTestKey(owner, { scopes: ["events.read"] });
    const requestId = await refuse(id, "insufficient_scope", { missing: ["events.read", "events.write"] });
    const lonely = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] });
    await db.apiKey.update({ where: { id }, data: { memberId: lonely.memberId } });
    await setRolePermissions(lonely, ["developer.manage_tokens"]);
    expect((await storyAbout(admin, requestId)).verdict).toMatchObject({
      code: "insufficient_scope",
      missing: ["events.read", "events.write"],
      notHeld: ["events.write"],
      notGranted: ["events.read"],
    });
  });

  it("names the resource that a narrowed key reaches", async () => {
    const resource = `event:${randomUUID()}`;
    const { id } = await createTestKey(owner, { resource });
    await refuse(id, "wrong_resource");
    expect((await storyAbout(owner, id)).verdict).toEqual({ code: "wrong_resource", resource });
  });

  it("tells the latest refusal, unless a call was accepted since or nothing was ever refused", async () => {
    const { id } = await createTestKey(owner);
    expect((await storyAbout(owner, id)).verdict).toEqual({ code: "let_through", lastUse: null });
    await refuse(id, "insufficient_scope", { at: inDays(-3) });
    await refuse(id, "wrong_resource", { at: inDays(-2) });
    expect((await storyAbout(owner, id)).verdict).toMatchObject({ code: "wrong_resource" });
    await recordTestUse(id, inDays(-1));
    const { verdict, hours, latest } = await storyAbout(owner, id);
    expect(verdict).toMatchObject({ code: "let_through" });
    expect(hours.map(({ code }) => code)).toEqual(["wrong_resource", "insufficient_scope"]);
    expect(latest).toHaveLength(2);
  });

  it("offers the keys that a name fits when there are several", async () => {
    const first = await createTestKey(owner, { name: "Export, staging" });
    const second = await createTestKey(owner, { name: "Export, production" });
    const answer = await explainStop(owner, { text: "export" });
    expect(answer).toMatchObject({ found: "several", keys: [{ id: second.id }, { id: first.id }] });
  });

  it("answers about others' keys in the same words as about nobody's, whatever is asked by", async () => {
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    const colleague = await createTestMember(team, { role: "Developer" });
    const nobodysHash = hashToken(generateToken("personal").token).toString("hex");
    const nothing = await explainStop(owner, { text: randomUUID() });
    const noToken = await explainStop(owner, { hash: nobodysHash });
    expect(nothing).toEqual({ found: "nothing", askedFor: "text" });
    expect(noToken).toEqual({ found: "nothing", askedFor: "token" });
    for (const other of [stranger, colleague]) {
      const { id, token } = await createTestKey(other, { name: `Secret plan ${randomUUID()}` });
      const requestId = await refuse(id, "revoked");
      for (const text of [id, "Secret plan", `${token.slice(0, 11)}…${token.slice(-4)}`, requestId]) {
        expect(await explainStop(owner, { text })).toEqual(nothing);
      }
      expect(await explainStop(owner, { hash: hashToken(token).toString("hex") })).toEqual(noToken);
    }
  });

  it("is forbidden to who may manage no keys", async () => {
    const viewer = await createTestMember(team, { role: "Viewer" });
    await expectAppError(explainStop(viewer, { text: "anything" }), "forbidden");
  });

  it("takes no token, nor the better part of one, and no hash that is none", () => {
    const { token } = generateToken("team");
    const refused = [{ text: token }, { text: `Bearer ${token}` }, { text: token.slice(0, 60) }, { text: "" }];
    for (const input of [...refused, { hash: token }, { hash: "0".repeat(63) }, { text: "a", hash: "0".repeat(64) }]) {
      expect(stopQuestionSchema.safeParse(input).success, JSON.stringify(input).slice(0, 20)).toBe(false);
    }
    expect(stopQuestionSchema.safeParse({ text: token.slice(0, 11) }).success).toBe(true);
  });
});
