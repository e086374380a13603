import { expect, test } from "vitest";
import { createKey } from "@/lib/rest/create-key";
import { createKeySchema } from "@/lib/rest/schemas";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestDeveloper } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";

const DAY_MS = 86_400_000;

async function createdUnder(policy: Parameters<typeof setTestPolicy>[1], fields: object = {}) {
  const actor = await createTestDeveloper();
  await setTestPolicy(actor.teamId, { mayNeverExpire: false, ...policy });
  return createKey(actor, createKeySchema.parse({ scopes: ["events.read"], ...fields }), null);
}

const daysOf = ({ created_at, expires_at }: { created_at: string; expires_at: string | null }) =>
  (Date.parse(expires_at ?? "") - Date.parse(created_at)) / DAY_MS;

test.each([
  [1, "1d", 1, "3d"],
  [2, "1d", 1, "3d"],
  [6, "3d", 3, "7d"],
  [7, "7d", 7, "2w"],
  [13, "7d", 7, "2w"],
])(
  "under a policy of %i days a request may ask for %s, and not for longer",
  async (days, longest, lifetime, tooLong) => {
    expect(daysOf(await createdUnder({ maxLifetimeDays: days }, { expires_in: longest }))).toBe(lifetime);
    const error = await expectAppError(createdUnder({ maxLifetimeDays: days }, { expires_in: tooLong }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["expires_in"]);
  },
);

test("a request that says nothing of it gets the longest lifetime where the default is too long this month", async () => {
  const policy = { maxLifetimeDays: 28, defaultLifetime: "3m" };
  expect(daysOf(await createdUnder(policy))).toBe(14);
  expect(daysOf(await createdUnder({ maxLifetimeDays: 6, defaultLifetime: "7d" }))).toBe(3);
});
