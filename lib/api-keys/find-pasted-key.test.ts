import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { findPastedKey } from "@/lib/api-keys/find-pasted-key";
import { apiKeyListSchema } from "@/lib/api-keys/list/list-input";
import { listApiKeys } from "@/lib/api-keys/queries";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

test("a pasted token's key is found in whichever list its reader may see, and in no other", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const developer = await createTestMember(team, { permissions: ["developer.manage_tokens"] });
  const keeper = await createTestMember(team, { permissions: ["team.manage_keys"] });
  const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  const own = await createTestKey(developer);
  const teams = await createTestKey(admin, { kind: "team" });
  const [ownHash, teamHash] = [hashOf(own.token), hashOf(teams.token)];

  expect(await findPastedKey(developer, ownHash)).toEqual({ id: own.id, list: "personal" });
  expect(await findPastedKey(developer, teamHash)).toBeNull();
  expect(await findPastedKey(keeper, teamHash)).toEqual({ id: teams.id, list: "team" });
  expect(await findPastedKey(keeper, ownHash)).toBeNull();
  expect(await findPastedKey(admin, ownHash)).toEqual({ id: own.id, list: "all" });
  expect(await findPastedKey(stranger, ownHash)).toBeNull();
  expect(await findPastedKey(admin, hashOf("nobody's"))).toBeNull();
});

test("a list without the key names the one that has it, even if only the filters hide it", async () => {
  const admin = await createTestMember(await createTestTeam(), { role: "Admin" });
  const { id, token } = await createTestKey(admin, { kind: "team" });
  const hash = hashOf(token);
  const read = async (list: "personal" | "team", filters: object = {}) =>
    (await listApiKeys(admin, list, apiKeyListSchema.parse({ hash, ...filters }))).pasted;
  expect(await read("personal")).toEqual({ id, list: "team" });
  expect(await read("team", { status: "revoked" })).toEqual({ id, list: "team" });
  expect(await read("team")).toBeNull();
});
