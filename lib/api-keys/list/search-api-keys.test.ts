import { describe, expect, test } from "vitest";
import { apiKeyListSchema, listApiKeys } from "@/lib/api-keys/queries";
import type { Actor } from "@/lib/auth/actor";
import { listKeys } from "@/lib/rest/read-keys";
import { listKeysSchema } from "@/lib/rest/schemas";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";

async function namesFound(actor: Actor, q: string): Promise<(string | null)[]> {
  const { keys } = await listApiKeys(actor, "personal", apiKeyListSchema.parse({ q }));
  const names = keys.map((key) => key.name).sort();
  const { keys: toPrograms } = await listKeys(actor, listKeysSchema.parse({ q }));
  expect(toPrograms.map((key) => key.name).sort(), "what the REST API finds").toEqual(names);
  return names;
}

describe("a key is found", () => {
  const zapier = { name: "Zapier production", tokenStart: "lk_pat_ab12", tokenLastFour: "9f3c" };
  const billing = { name: "Billing worker", tokenStart: "lk_pat_ab99", tokenLastFour: "0000" };
  const foreign = { name: "Old prefix", tokenStart: "acme_live_ab12", tokenLastFour: "9f3d" };

  test.each([
    ["a part of its name", "apier prod", ["Zapier production"]],
    ["its name in other case", "ZAPIER", ["Zapier production"]],
    ["its name with spaces around", "  Zapier ", ["Zapier production"]],
    ["its whole start", "lk_pat_ab12", ["Zapier production"]],
    ["the beginning of its start, like others", "lk_pat_ab", ["Billing worker", "Zapier production"]],
    ["its start and last four, as the table shows them", "lk_pat_ab12…9f3c", ["Zapier production"]],
    ["its last four characters", "9f3c", ["Zapier production"]],
    ["another prefix", "acme_live_", ["Old prefix"]],
  ])("by %s", async (_, q, expected) => {
    const actor = await createTestDeveloper();
    for (const key of [zapier, billing, foreign]) await createTestKey(actor, key);
    expect(await namesFound(actor, q)).toEqual(expected);
  });

  test.each([
    ["the start of one and the last four of another", "lk_pat_ab12…0000"],
    ["an unknown word", "Grafana"],
    ["three of its last four", "9f3"],
    ["only the sign between start and last four", "…"],
  ])("but not by %s", async (_, q) => {
    const actor = await createTestDeveloper();
    for (const key of [zapier, billing]) await createTestKey(actor, key);
    expect(await namesFound(actor, q)).toEqual([]);
  });

  test("although its name has the sign that stands between start and last four", async () => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name: "Sync… nightly" });
    expect(await namesFound(actor, "Sync… night")).toEqual(["Sync… nightly"]);
  });

  test("although its name is composed otherwise than the search", async () => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name: "Caf\u00e9" });
    expect(await namesFound(actor, "cafe\u0301")).toEqual(["Caf\u00e9"]);
  });
});

describe("what LIKE takes for a wildcard is an ordinary character", () => {
  test.each([
    ["100%", "100% coverage", "1000 coverage"],
    ["%", "50% off", "fifty off"],
    ["a_b", "x a_b x", "x aXb x"],
    ["_", "snake_case", "snakecase"],
    ["a\\b", "x a\\b x", "x ab x"],
    ["\\", "back\\slash", "backslash"],
    ["\\%", "a\\% b", "a% b"],
    ["\\_", "a\\_ b", "a\\x b"],
    ["\\\\", "a\\\\b", "a\\b"],
  ])("%j finds its own name and not the other", async (q, its, other) => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name: its });
    await createTestKey(actor, { name: other });
    expect(await namesFound(actor, q)).toEqual([its]);
  });

  test.each(["lk%", "%", "lkXpat", "lk_pat__b12", "\\"])("%j finds no start", async (q) => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name: "A", tokenStart: "lk_pat_ab12" });
    expect(await namesFound(actor, q)).toEqual([]);
  });

  test("and the underscores of a prefix are no more than themselves", async () => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name: "Ours", tokenStart: "lk_pat_ab12" });
    await createTestKey(actor, { name: "Other", tokenStart: "lkxpatxab12" });
    expect(await namesFound(actor, "lk_pat_ab12")).toEqual(["Ours"]);
  });
});
