import { expect, test } from "vitest";
import { createTestKey } from "@/lib/testing/fixtures";
import { restRequest, signedIn } from "@/lib/testing/rest-requests";
import * as rotation from "./[id]/rotate/route";
import * as keys from "./route";

type Headers = Record<string, string>;

const NEW_KEY = { scopes: ["events.read"] };

/** A developer, with calls that create keys under an idempotency key. */
async function developer() {
  const { actor, bearer } = await signedIn({ role: "Developer" });
  const none = { params: Promise.resolve(undefined) };
  const named = (name?: string): Headers => ({ ...bearer, ...(name !== undefined && { "idempotency-key": name }) });
  const told = async (answer: Promise<Response>) => {
    const response = await answer;
    const { data, code } = await response.json();
    return { status: response.status, replayed: response.headers.get("idempotency-replayed"), data, code };
  };
  return {
    actor,
    create: (name: string | undefined, body: object = NEW_KEY) =>
      told(keys.POST(restRequest("POST", "/api-keys", named(name), body), none)),
    rotate: (name: string | undefined, id: string, body?: object) =>
      told(
        rotation.POST(restRequest("POST", `/api-keys/${id}/rotate`, named(name), body), {
          params: Promise.resolve({ id }),
        }),
      ),
    countKeys: async () => (await (await keys.GET(restRequest("GET", "/api-keys", bearer), none)).json()).data.length,
  };
}

test("a request that is sent again by its name is answered with the key that it made, without the token", async () => {
  const { create, rotate, countKeys } = await developer();
  const made = await create("one");
  expect(made).toMatchObject({ status: 201, replayed: null, data: { token: expect.stringMatching(/^lk_pat_/) } });
  expect(await create("one")).toMatchObject({ status: 200, replayed: "true", data: { ...made.data, token: null } });
  const rotated = await rotate("two", made.data.id);
  expect(rotated).toMatchObject({ status: 201, data: { token: expect.any(String), replaces: made.data.id } });
  expect(await rotate("two", made.data.id)).toMatchObject({ status: 200, data: { id: rotated.data.id, token: null } });
  expect(await countKeys()).toBe(2);
});

test("the same name for another request is refused with 422: another body, another key, another endpoint", async () => {
  const { actor, create, rotate, countKeys } = await developer();
  const [first, second] = [await createTestKey(actor), await createTestKey(actor)];
  await create("made");
  await rotate("rotated", first.id, { overlap: "1h" });
  const others = [
    await create("made", { ...NEW_KEY, name: "Other" }),
    await create("made", { preset: "read_only" }),
    await rotate("made", second.id),
    await rotate("rotated", first.id, { overlap: "24h" }),
    await rotate("rotated", first.id),
    await rotate("rotated", second.id, { overlap: "1h" }),
    await create("rotated"),
  ];
  for (const { status, code } of others) expect([status, code]).toEqual([422, "idempotency_key_reused"]);
  expect(await countKeys()).toBe(4);
});

test.each(["", "a b", "ä", "x".repeat(256)])("a name that can't be one is refused with 400: %j", async (name) => {
  const { create, countKeys } = await developer();
  expect(await create(name)).toMatchObject({ status: 400, code: "invalid_idempotency_key" });
  expect(await countKeys()).toBe(0);
});

test("without a name each request makes a key", async () => {
  const { create, countKeys } = await developer();
  for (let time = 0; time < 2; time++) expect((await create(undefined)).status).toBe(201);
  expect(await countKeys()).toBe(2);
});
