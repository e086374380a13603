import { describe, expect, test } from "vitest";
import { changeResponsible } from "@/lib/api-keys/change/change-responsible";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { listResponsibles } from "@/lib/api-keys/responsible-member";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestKey, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";

const teamKey = (responsibleMemberId?: string) =>
  createApiKeySchema.parse({
    kind: "team",
    name: "Gateway",
    scopes: ["keys.verify"],
    expiry: { in: "90d" },
    responsibleMemberId,
  });
const keyManager = (team: TestTeam) => createTestMember(team, { permissions: ["team.manage_keys"] });

/** Members who can't be responsible: removed, disabled, with a disabled user, and of another team. */
async function unfit(team: TestTeam): Promise<string[]> {
  const removed = await createTestMember(team);
  await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
  const disabled = await createTestMember(team);
  await db.member.update({ where: { id: disabled.memberId }, data: { disabledAt: new Date() } });
  const userDisabled = await createTestMember(team);
  await db.user.update({ where: { id: userDisabled.userId }, data: { disabledAt: new Date() } });
  const stranger = await createTestMember(await createTestTeam());
  return [removed, disabled, userDisabled, stranger].map(({ memberId }) => memberId);
}

describe("a team key", () => {
  test("has its creator as the responsible member, or the member they choose", async () => {
    const team = await createTestTeam();
    const actor = await keyManager(team);
    const colleague = await createTestMember(team, { role: "Viewer" });
    const own = await createApiKey(actor, teamKey());
    expect(own.key).toMatchObject({ owner: null, responsible: { id: actor.memberId, name: actor.name } });
    const theirs = await createApiKey(actor, teamKey(colleague.memberId));
    expect(theirs.key.responsible).toEqual({ id: colleague.memberId, name: colleague.name });
  });

  test("can't be assigned to a removed or disabled member, or to a non-member", async () => {
    const team = await createTestTeam();
    const actor = await keyManager(team);
    const { key } = await createApiKey(actor, teamKey());
    for (const memberId of [...(await unfit(team)), crypto.randomUUID()]) {
      const error = await expectAppError(createApiKey(actor, teamKey(memberId)), "invalid");
      expect(Object.keys(error.fields)).toEqual(["responsibleMemberId"]);
      const change = changeResponsible(actor, { id: key.id, responsibleMemberId: memberId });
      expect((await expectAppError(change, "invalid")).message).toBe(error.message);
    }
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(1);
  });

  test("gets another responsible member, and the audit entry has both names", async () => {
    const team = await createTestTeam();
    const actor = await keyManager(team);
    const colleague = await createTestMember(team);
    const { key } = await createApiKey(actor, teamKey());
    const changed = await changeResponsible(actor, { id: key.id, responsibleMemberId: colleague.memberId });
    expect(changed.responsible?.id).toBe(colleague.memberId);
    expect(await auditEntries(team.id, "api_key.responsible_changed")).toMatchObject([
      { targetId: key.id, details: { from: actor.name, to: colleague.name } },
    ]);
  });

  test("survives its responsible member, and is rotated into the hands of who does it then", async () => {
    const team = await createTestTeam();
    const actor = await keyManager(team);
    const leaving = await createTestMember(team);
    const { key, token } = await createApiKey(actor, teamKey(leaving.memberId));
    await db.member.update({ where: { id: leaving.memberId }, data: { removedAt: new Date() } });
    expect((await decideAboutToken(token)).code).toBe("valid");
    const rotated = await rotateApiKey(actor, { id: key.id, overlap: "1h" });
    expect(rotated.key.responsible?.id).toBe(actor.memberId);
  });

  test("keeps its responsible member when another member rotates it", async () => {
    const team = await createTestTeam();
    const [maker, other] = [await keyManager(team), await keyManager(team)];
    const { key } = await createApiKey(maker, teamKey());
    const rotated = await rotateApiKey(other, { id: key.id, overlap: "1h" });
    expect(rotated.key.responsible?.id).toBe(maker.memberId);
  });
});

test("changing the responsible member finds no key without managing team keys, and no other team's key", async () => {
  const team = await createTestTeam();
  const actor = await keyManager(team);
  const developer = await createTestMember(team);
  const { key } = await createApiKey(actor, teamKey());
  const input = { id: key.id, responsibleMemberId: developer.memberId };
  await expectAppError(changeResponsible(developer, input), "not_found");
  const stranger = await keyManager(await createTestTeam());
  await expectAppError(changeResponsible(stranger, { ...input, responsibleMemberId: stranger.memberId }), "not_found");
});

test("a personal key has no responsible member", async () => {
  const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
  const personal = createApiKeySchema.parse({
    scopes: ["events.read"],
    expiry: { in: "90d" },
    responsibleMemberId: actor.memberId,
  });
  await expectAppError(createApiKey(actor, personal), "invalid");
  const { id } = await createTestKey(actor);
  await expectAppError(changeResponsible(actor, { id, responsibleMemberId: actor.memberId }), "conflict");
});

test("those who can be chosen are the team's active members, for who manages team keys", async () => {
  const team = await createTestTeam();
  const actor = await keyManager(team);
  const others = await unfit(team);
  const listed = (await listResponsibles(actor)).map(({ id }) => id);
  expect(listed).toContain(actor.memberId);
  for (const id of others) expect(listed).not.toContain(id);
  await expectAppError(listResponsibles(await createTestMember(team)), "forbidden");
});
