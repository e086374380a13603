import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { createKey } from "@/lib/rest/create-key";
import { type NamedRequest, namedRequest } from "@/lib/rest/idempotency";
import { createKeySchema } from "@/lib/rest/schemas";
import { createTestDeveloper, createTestMember } from "@/lib/testing/fixtures";

const input = createKeySchema.parse({ scopes: ["events.read"] });

const named = (name: string, body = "body"): NamedRequest => ({
  name,
  hash: Buffer.from(createHash("sha256").update(body).digest()),
  instance: "urn:request:test",
});

const keysOf = ({ memberId }: Actor) => db.apiKey.count({ where: { memberId } });

test("of simultaneous requests by one name exactly one makes a key and has its token", async () => {
  const actor = await createTestDeveloper();
  const made = await Promise.all(Array.from({ length: 8 }, () => createKey(actor, input, named("one"))));
  expect(made.filter(({ token }) => token !== null)).toHaveLength(1);
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await keysOf(actor)).toBe(1);
});

test("of simultaneous requests by one name for different things one is done, and the other refused", async () => {
  const actor = await createTestDeveloper();
  const bodies = ["this", "that"];
  const results = await Promise.allSettled(bodies.map((body) => createKey(actor, input, named("one", body))));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({ problem: { status: 422 } });
  expect(await keysOf(actor)).toBe(1);
});

test("a name is the member's own, also beside a colleague's", async () => {
  const actor = await createTestDeveloper();
  const colleague = await createTestMember({ id: actor.teamId, slug: "" }, { role: "Developer" });
  const made = await Promise.all([actor, colleague].map((each) => createKey(each, input, named("one"))));
  expect(made.every(({ token }) => token !== null)).toBe(true);
});

test("a name counts for a day: after that it makes another key, and stands for that one", async () => {
  const actor = await createTestDeveloper();
  const first = await createKey(actor, input, named("one"));
  await db.idempotencyKey.updateMany({
    where: { memberId: actor.memberId },
    data: { createdAt: new Date(Date.now() - 24 * 3_600_000 - 1) },
  });
  const made = await Promise.all([1, 2, 3].map(() => createKey(actor, input, named("one", "another body"))));
  expect(made.filter(({ token }) => token !== null)).toHaveLength(1);
  expect([...new Set(made.map(({ id }) => id))]).toEqual([expect.not.stringMatching(first.id)]);
  expect(await keysOf(actor)).toBe(2);
});

test("a name is not taken when its key can't be made", async () => {
  const actor = await createTestDeveloper();
  const tooMuch = { ...input, scopes: ["keys.verify"] };
  await expect(createKey(actor, tooMuch, named("one"))).rejects.toMatchObject({ code: "invalid" });
  expect((await createKey(actor, input, named("one"))).token).not.toBeNull();
});

test("a name that is a token is kept as its hash alone", () => {
  const headers = { "idempotency-key": "lk_pat_a-token", "x-request-id": "1" };
  const request = namedRequest(new Request("http://localhost/api/v1/api-keys", { method: "POST", headers }), "{}");
  expect(request?.name).toBe(createHash("sha256").update("lk_pat_a-token").digest("hex"));
});

test("what is kept of a request is not its token", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createKey(actor, input, named("one"));
  const [kept] = await db.idempotencyKey.findMany({ where: { memberId: actor.memberId } });
  expect(Object.keys(kept ?? {}).sort()).toEqual(["apiKeyId", "createdAt", "key", "memberId", "requestHash"]);
  expect(kept?.apiKeyId).toBe(id);
});
