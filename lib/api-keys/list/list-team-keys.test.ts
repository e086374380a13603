import { expect, test } from "vitest";
import { apiKeyListSchema, countApiKeys, listApiKeys, readLastUse } from "@/lib/api-keys/queries";
import type { Actor } from "@/lib/auth/actor";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
  type TestTeam,
} from "@/lib/testing/fixtures";

const list = (actor: Actor, parameters: Record<string, unknown> = {}) =>
  listApiKeys(actor, "team", apiKeyListSchema.parse(parameters));
const namesOf = (page: { keys: { name: string | null }[] }) => page.keys.map(({ name }) => name).sort();
const keyManager = (team: TestTeam) => createTestMember(team, { permissions: ["team.manage_keys"] });

test("the team's keys are one list for all who manage them, whoever made them, and nobody's personal keys are in it", async () => {
  const team = await createTestTeam();
  const [one, other] = [await keyManager(team), await keyManager(team)];
  await createTestKey(one, { kind: "team", name: "Gateway" });
  await createTestKey(other, { kind: "team", name: "CI" });
  await createTestKey(one, { name: "Personal" });
  await createTestKey(await keyManager(await createTestTeam()), { kind: "team", name: "Other team's" });
  for (const actor of [one, other]) {
    expect(namesOf(await list(actor))).toEqual(["CI", "Gateway"]);
    expect(await countApiKeys(actor, "team")).toEqual({ active: 2, hasAny: true });
  }
});

test("search, status and pages work for team keys as for personal ones", async () => {
  const actor = await keyManager(await createTestTeam());
  await createTestKeys(
    actor,
    Array.from({ length: 51 }, (_, index) => ({ kind: "team" as const, createdAt: inDays(-index - 2) })),
  );
  await createTestKey(actor, { kind: "team", name: "Gateway", createdAt: inDays(-1) });
  await createTestKey(actor, { kind: "team", name: "Old gateway", revokedAt: inDays(-1) });
  expect(namesOf(await list(actor, { q: "gateway" }))).toEqual(["Gateway", "Old gateway"]);
  expect(namesOf(await list(actor, { q: "gateway", status: "active" }))).toEqual(["Gateway"]);
  expect(namesOf(await list(actor, { status: "revoked" }))).toEqual(["Old gateway"]);
  const first = await list(actor);
  expect(first.keys).toHaveLength(50);
  expect((await list(actor, { after: first.older })).keys).toHaveLength(3);
});

test("a team's count tells apart having no active key left from never having had one", async () => {
  const actor = await keyManager(await createTestTeam());
  expect(await countApiKeys(actor, "team")).toEqual({ active: 0, hasAny: false });
  await createTestKey(actor, { kind: "team", expiresAt: inDays(-1) });
  expect(await countApiKeys(actor, "team")).toEqual({ active: 0, hasAny: true });
});

test("members who manage team keys can read a team key's last use", async () => {
  const team = await createTestTeam();
  const actor = await keyManager(team);
  const { id } = await createTestKey(actor, { kind: "team" });
  expect(await readLastUse(actor, id)).toBeNull();
  const at = new Date("2026-05-01T10:00:00.000Z");
  await recordTestUse(id, at);
  expect(await readLastUse(await keyManager(team), id)).toBe(at.toISOString());
  expect((await list(actor)).keys).toMatchObject([{ id, lastUsedAt: at.toISOString() }]);
  await expectAppError(readLastUse(await createTestMember(team, { role: "Developer" }), id), "not_found");
  await expectAppError(readLastUse(await keyManager(await createTestTeam()), id), "not_found");
});

test("the team's keys are forbidden without the permission for them, one's own with only that", async () => {
  const team = await createTestTeam();
  const developer = await createTestMember(team, { role: "Developer" });
  await expectAppError(list(developer), "forbidden");
  await expectAppError(countApiKeys(developer, "team"), "forbidden");
  const actor = await keyManager(team);
  await expectAppError(listApiKeys(actor, "personal", apiKeyListSchema.parse({})), "forbidden");
  await expectAppError(countApiKeys(actor, "personal"), "forbidden");
  const own = await createTestKey(actor);
  await expectAppError(readLastUse(actor, own.id), "forbidden");
});

test.each([{ kind: "nobody's" }, { kind: ["team", "personal"] }, { kind: "__proto__" }, {}])(
  "a URL that names no kind, as %j, names none",
  (parameters) => {
    expect(apiKeyListSchema.parse(parameters).kind).toBeNull();
  },
);
