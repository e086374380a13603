import { answerSchemas } from "@/lib/openapi/components";
import { createTestKeys } from "@/lib/testing/fixtures";
import { auditOf, countKeys, expect, sql, test } from "./fixtures";
import { READ, restOf } from "./rest-client";

test.describe("a request with an Idempotency-Key", () => {
  const named = (name: string) => ({ "idempotency-key": name });

  test("makes one key however often it is sent, and tells the token once", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const send = () => rest("POST", "/api-keys", { body: READ, headers: named("first") });
    const made = await send();
    const again = await send();
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(made.headers.get("idempotency-replayed")).toBeNull();
    expect(again.data).toEqual({ ...made.data, token: null });
    expect(answerSchemas.ReplayedApiKeyAnswer.safeParse(JSON.parse(again.text)).error).toBeUndefined();
    expect(answerSchemas.MadeApiKeyAnswer.safeParse(JSON.parse(again.text)).success).toBe(false);
    expect(await countKeys(team)).toBe(1);
    expect(await auditOf(team, "api_key.created")).toHaveLength(1);
  });

  test("makes one key when it is sent ten times at once, and one successor", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const atOnce = async (path: string, body: object) => {
      const send = () => rest("POST", path, { body, headers: named(path) });
      const answers = await Promise.all(Array.from({ length: 10 }, send));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
      expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
      expect(answers.filter(({ data }) => data.token)).toHaveLength(1);
      return answers[0]?.data.id;
    };
    const id = await atOnce("/api-keys", READ);
    expect(await countKeys(team)).toBe(1);
    await atOnce(`/api-keys/${id}/rotate`, { overlap: "1h" });
    expect(await countKeys(team)).toBe(2);
  });

  test("finds the key that took the last place in the quota", async ({ context, developer }) => {
    await createTestKeys(developer.actor, Array(9).fill({}));
    const rest = await restOf(context, developer);
    const send = () => rest("POST", "/api-keys", { body: READ, headers: named("last") });
    const answers = await Promise.all(Array.from({ length: 5 }, send));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("too many") })).status).toBe(400);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("too-many") })).code).toBe("limit_reached");
  });

  test("is refused when it asks for something else by the same name", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const made = await rest("POST", "/api-keys", { body: READ, headers: named("same") });
    for (const [path, body] of [
      ["/api-keys", { ...READ, name: "other" }],
      [`/api-keys/${made.data.id}/rotate`, READ],
      [`/api-keys/${made.data.id}/rotate`, {}],
    ] as const) {
      const answer = await rest("POST", path, { body, headers: named("same") });
      expect(answer.status).toBe(422);
    }
    const reused = await rest("POST", "/api-keys", { body: { preset: "read_only" }, headers: named("same") });
    expect(reused.code).toBe("idempotency_key_reused");
    expect(await countKeys(team)).toBe(1);
  });

  test("counts for its member alone, for a day, and only when it was answered", async ({
    context,
    developer,
    join,
    team,
    browser,
  }) => {
    const rest = await restOf(context, developer);
    const colleague = await restOf(await browser.newContext(), await join("Developer"));
    const bad = await rest("POST", "/api-keys", { body: { scopes: ["no.such"] }, headers: named("x") });
    expect(bad.status).toBe(422);
    for (const each of [rest, colleague]) {
      expect((await each("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(201);
    }
    await sql("update idempotency_keys set created_at = now() - interval '25 hours' where member_id = $1", [
      developer.actor.memberId,
    ]);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(201);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(200);
    expect(await countKeys(team)).toBe(3);
  });

  for (const name of ["", " ", "ä", "a b", "x".repeat(256)]) {
    test(`has a name of visible ASCII, which ${JSON.stringify(name.slice(0, 5))} is not`, async ({
      context,
      developer,
    }) => {
      const rest = await restOf(context, developer);
      const headers = named(Buffer.from(name).toString("latin1"));
      const answer = await rest("POST", "/api-keys", { body: READ, headers });
      expect([answer.status, answer.code]).toEqual([400, "invalid_idempotency_key"]);
    });
  }
});
