import { expect, test } from "vitest";
import { Prisma } from "@/generated/prisma/client";
import { KEY_COLUMNS } from "@/lib/api-keys/columns";
import { apiKeyDto } from "@/lib/api-keys/dto";
import { EXPORTED_COLUMNS, exportedKey } from "@/lib/api-keys/export/exported-keys";
import { readKeys } from "@/lib/api-keys/read-keys";
import { keyJson, keyJsonSchema } from "@/lib/rest/key-json";
import { createTestDeveloper, createTestKey, inDays } from "@/lib/testing/fixtures";

const columns = Object.keys(KEY_COLUMNS);
const fields = Object.values(KEY_COLUMNS).map(({ field }) => field);
const except = (names: string[], ...left: string[]) => names.filter((name) => !left.includes(name));

test("every column of a key is either among those that leave the server or one of these", () => {
  const withheld = except(Object.keys(Prisma.ApiKeyScalarFieldEnum), ...columns);
  expect(withheld.sort()).toEqual(["memberId", "responsibleMemberId", "teamId", "tokenHash"]);
});

test("a public column is on screens, in the REST API and in exports", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { expiresAt: inDays(1), allowedIps: ["192.0.2.0/24"] });
  const [key] = await readKeys(actor, [{ id }]);
  if (!key) throw new Error("the key is not read");
  const now = new Date();
  expect(Object.keys(apiKeyDto(key, now))).toEqual(
    expect.arrayContaining(except(columns, "revokedAt", "rotatedFromId")),
  );
  expect(Object.keys(keyJsonSchema.parse(keyJson(key, now)))).toEqual(
    expect.arrayContaining(except(fields, "revoked_at")),
  );
  expect(EXPORTED_COLUMNS).toEqual(expect.arrayContaining(except(fields, "replaces")));
  expect(Object.keys(exportedKey(key, now)).sort()).toEqual([...EXPORTED_COLUMNS].sort());
});

test("nothing else of a key's row leaves the server", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor);
  const [key] = await readKeys(actor, [{ id }]);
  if (!key) throw new Error("the key is not read");
  const row = { ...key, tokenHash: "secret" };
  const shown = [apiKeyDto(row, new Date()), keyJson(row, new Date()), exportedKey(row, new Date())];
  expect(JSON.stringify(shown)).not.toContain("secret");
});
