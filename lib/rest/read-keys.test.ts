import { describe, expect, test } from "vitest";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { listKeys, readKey } from "@/lib/rest/read-keys";
import { type ListKeysInput, listKeysSchema } from "@/lib/rest/schemas";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const query = (fields: Partial<Record<keyof ListKeysInput, string>> = {}) => listKeysSchema.parse(fields);

const idsFor = async (actor: Actor, fields = {}) =>
  (await listKeys(actor, query(fields))).keys.map(({ id }) => id).sort();

/** One key of each sort, as seen by a member with just these permissions. */
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

test("a key of another team is not found by any permission", async () => {
  const admin = await createTestMember(await createTestTeam(), { role: "Admin" });
  const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  for (const kind of KEY_KINDS) {
    const { id } = await createTestKey(stranger, { kind });
    await expect(readKey(admin, id)).rejects.toMatchObject({ code: "not_found" });
  }
  expect(await idsFor(admin)).toEqual([]);
});
