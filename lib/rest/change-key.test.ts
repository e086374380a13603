import { expect, test } from "vitest";
import { changeKey } from "@/lib/rest/change-key";
import { readKey } from "@/lib/rest/read-keys";
import { changeKeySchema } from "@/lib/rest/schemas";
import { auditEntries, createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";

const EVENT = { type: "event", id: "018f5b5e-0000-7000-8000-000000000000" };

test("several changes of one request happen together, each with its audit entry", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { name: "before" });
  const input = changeKeySchema.parse({
    name: "after",
    expires_in: "1m",
    resource: EVENT,
    allowed_ips: ["192.0.2.0/24"],
  });
  const key = await changeKey(actor, id, input);
  expect(key).toMatchObject({ name: "after", resource: EVENT, allowed_ips: ["192.0.2.0/24"] });
  expect(key.expires_at).not.toBeNull();
  const recorded = ["api_key.renamed", "api_key.expiry_changed", "api_key.narrowed"];
  for (const action of recorded) expect(await auditEntries(actor.teamId, action), action).toHaveLength(1);
});

test("a change that can't be made leaves the others unmade", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { name: "before" });
  const before = await readKey(actor, id);
  const input = changeKeySchema.parse({ name: "after", resource: { type: "planet", id: "1" } });
  await expect(changeKey(actor, id, input)).rejects.toMatchObject({
    code: "invalid",
    fields: { resource: expect.stringContaining("no such") },
  });
  expect(await readKey(actor, id)).toEqual(before);
  expect(await auditEntries(actor.teamId, "api_key.renamed")).toEqual([]);
});
