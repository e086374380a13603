import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { changeKey } from "@/lib/rest/change-key";
import { listKeys, readKey } from "@/lib/rest/read-keys";
import { revokeKey } from "@/lib/rest/revoke-key";
import { rotateKey } from "@/lib/rest/rotate-key";
import { changeKeySchema, type ListKeysInput, listKeysSchema, rotateKeySchema } from "@/lib/rest/schemas";
import { createTestKey, createTestMember, createTestTeam, setRolePermissions } from "@/lib/testing/fixtures";

const query = (fields: Partial<Record<keyof ListKeysInput, string>> = {}) => listKeysSchema.parse(fields);

const idsFor = async (actor: Actor, fields = {}) =>
  (await listKeys(actor, query(fields))).keys.map(({ id }) => id).sort();

/** One key of each kind, as seen by a member with these permissions. */
async function seenBy(permissions: string[]) {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { permissions });
  const colleague = await createTestMember(team);
  const keys = {
    own: (await createTestKey(actor)).id,
    theirs: (await createTestKey(colleague)).id,
    ours: (await createTestKey(colleague, { kind: "team" })).id,
  };
  return { actor, colleague, keys };
}

describe("the list has exactly the keys that can be read one by one", () => {
  test.each([
    [["developer.manage_tokens"]],
    [["team.manage_keys"]],
    [["team.manage_members"]],
    [["developer.manage_tokens", "team.manage_keys"]],
    [["developer.manage_tokens", "team.manage_keys", "team.manage_members"]],
  ])("with %j", async (permissions) => {
    const { actor, keys } = await seenBy(permissions);
    const readable: string[] = [];
    for (const id of Object.values(keys)) {
      const isReadable = await readKey(actor, id).then(
        () => true,
        () => false,
      );
      if (isReadable) readable.push(id);
    }
    expect(readable.length).toBeGreaterThan(0);
    expect(await idsFor(actor)).toEqual(readable.sort());
  });
});

test("each permission opens its own keys", async () => {
  const seen = async (permissions: string[]) => {
    const { actor, keys } = await seenBy(permissions);
    const ids = await idsFor(actor);
    return Object.entries(keys).flatMap(([name, id]) => (ids.includes(id) ? [name] : []));
  };
  expect(await seen(["developer.manage_tokens"])).toEqual(["own"]);
  expect(await seen(["team.manage_keys"])).toEqual(["ours"]);
  expect(await seen(["team.manage_members"])).toEqual(["own", "theirs"]);
  await expect(seen(["audit.view", "events.read"])).rejects.toMatchObject({ code: "forbidden" });
});

test("asking for what the role doesn't include is forbidden, and not an empty list", async () => {
  const { actor, colleague } = await seenBy(["developer.manage_tokens"]);
  for (const fields of [{ kind: "team" }, { owner: colleague.memberId }]) {
    await expect(listKeys(actor, query(fields))).rejects.toMatchObject({ code: "forbidden" });
  }
});

test("a team key is not found by who doesn't manage those, like an id that nothing has", async () => {
  const { actor, keys } = await seenBy(["developer.manage_tokens"]);
  const refusalOf = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail("it was done"),
      ({ code, message, fields }) => [code, message, fields],
    );
  const input = rotateKeySchema.parse({});
  const attempts: ((id: string) => Promise<unknown>)[] = [
    (id) => readKey(actor, id),
    (id) => changeKey(actor, id, changeKeySchema.parse({ name: "x" })),
    (id) => revokeKey(actor, id),
    (id) => rotateKey(actor, id, input, null),
  ];
  for (const attempt of attempts) {
    expect(await refusalOf(attempt(keys.ours))).toEqual(await refusalOf(attempt(randomUUID())));
    expect((await refusalOf(attempt(keys.ours)))[0]).toBe("not_found");
  }
});

test("a key tells which of its scopes don't work now, and whether its member is inactive", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { permissions: ["events.read", "events.write"] });
  const scopes = ["events.read", "events.write", "no.longer_known"];
  const { id } = await createTestKey(member, { scopes });
  const { id: admins } = await createTestKey(admin, { scopes });
  const { id: ours } = await createTestKey(member, { kind: "team", scopes: [...scopes, "keys.verify"] });
  await setRolePermissions(member, ["events.read"]);
  const toldOf = async (key: string) => {
    const [listed] = (await listKeys(admin, query())).keys.filter((each) => each.id === key);
    const { withheld_scopes, owner_inactive, ...rest } = await readKey(admin, key);
    expect(listed).toEqual({ withheld_scopes, owner_inactive, ...rest });
    return [withheld_scopes, owner_inactive];
  };
  expect(await toldOf(id)).toEqual([["events.write", "no.longer_known"], false]);
  expect(await toldOf(admins)).toEqual([["no.longer_known"], false]);
  expect(await toldOf(ours)).toEqual([["no.longer_known"], false]);
  const { memberId, userId } = member;
  const now = new Date();
  await db.member.update({ where: { id: memberId }, data: { disabledAt: now } });
  expect((await toldOf(id))[1]).toBe(true);
  await db.member.update({ where: { id: memberId }, data: { disabledAt: null } });
  await db.user.update({ where: { id: userId }, data: { disabledAt: now } });
  expect((await toldOf(id))[1]).toBe(true);
  await db.user.update({ where: { id: userId }, data: { disabledAt: null } });
  await db.member.update({ where: { id: memberId }, data: { removedAt: now } });
  expect((await toldOf(id))[1]).toBe(true);
  expect((await toldOf(ours))[1]).toBe(false);
});

test("a key of another team is not found by any permission", async () => {
  const admin = await createTestMember(await createTestTeam(), { role: "Admin" });
  const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  for (const kind of KEY_KINDS) {
    const { id } = await createTestKey(stranger, { kind });
    await expect(readKey(admin, id)).rejects.toMatchObject({ code: "not_found" });
  }
  expect(await idsFor(admin)).toEqual([]);
});
