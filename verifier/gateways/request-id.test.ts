import { expect, test } from "vitest";
import type { Call } from "./client.ts";
import { onEveryGateway, reader, receivedAs, send } from "./testbed.ts";

onEveryGateway((bed) => {
  test("by the client's own id, the same for Latchkey, the API and the client", async () => {
    const { token } = await reader(bed);
    const headers: Call["headers"] = [["X-Request-Id", "order-4711.a_b"]];
    const answer = await send(bed, { token, headers });
    expect(answer.headers.get("x-request-id")).toBe("order-4711.a_b");
    expect(receivedAs(bed, "X-Request-Id")).toEqual(["order-4711.a_b"]);
    expect(bed.questions.asked[0]?.headers).toContainEqual(["x-request-id", "order-4711.a_b"]);
    const refused = await send(bed, { headers });
    expect(refused.headers.get("x-request-id")).toBe("order-4711.a_b");
    expect(JSON.parse(refused.body).instance).toBe("urn:request:order-4711.a_b");
  });

  test.each([
    ["there is none", []],
    ["it could do harm in a log", [["X-Request-Id", 'a" b\\u0000{"x":1}']]],
    ["it is too long", [["X-Request-Id", "a".repeat(65)]]],
  ] as [string, Call["headers"]][])("by a new one when %s", async (_reason, headers) => {
    const { token } = await reader(bed);
    const id = (await send(bed, { token, headers })).headers.get("x-request-id");
    expect(id).toMatch(/^[A-Za-z0-9-]{32,36}$/);
    expect(receivedAs(bed, "X-Request-Id")).toEqual([id]);
    expect(bed.questions.asked[0]?.headers).toContainEqual(["x-request-id", id]);
    const refused = await send(bed, { headers });
    expect(JSON.parse(refused.body).instance).toBe(`urn:request:${refused.headers.get("x-request-id")}`);
  });
});
