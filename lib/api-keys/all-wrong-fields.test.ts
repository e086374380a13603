import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { narrowApiKeySchema } from "@/lib/api-keys/change/narrow-api-key";
import { createApiKeyFormSchema } from "@/lib/api-keys/schemas";

const NOW = new Date("2026-01-01T00:00:00Z");
const wrong = { resource: { type: "event", id: "12" }, allowedIps: ["10.0.0.300"] };

test.each([
  [
    "creating",
    createApiKeyFormSchema(NOW),
    { scopes: [], expiry: { at: "2020-01-01T00:00:00Z" }, ...wrong },
    ["allowedIps", "expiry", "resource", "scopes"],
  ],
  ["narrowing", narrowApiKeySchema, { id: randomUUID(), ...wrong }, ["allowedIps", "resource"]],
])("the form for %s is told of all its wrong fields at once", (_, schema, input, fields) => {
  const { error } = schema.safeParse(input);
  expect(error?.issues.map(({ path }) => path[0]).sort()).toEqual(fields);
});

test("what is left out, and a resource that the catalog knows, is fine", () => {
  const id = randomUUID();
  expect(narrowApiKeySchema.parse({ id })).toEqual({ id });
  expect(narrowApiKeySchema.parse({ id, resource: null })).toEqual({ id, resource: null });
  const resource = { type: "event", id };
  expect(createApiKeyFormSchema(NOW).parse({ scopes: ["a"], expiry: { in: "90d" }, resource })).toMatchObject({
    resource,
  });
});

test.each([
  ["2026-01-01T00:00:00Z", "Choose a date in the future."],
  ["9999-01-01T00:00:00Z", "Choose a date within 10 years, or “Never”."],
])("the date %s is judged by the time that is handed in", (at, message) => {
  const { error } = createApiKeyFormSchema(NOW).safeParse({ scopes: ["a"], expiry: { at } });
  expect(error?.issues).toMatchObject([{ path: ["expiry"], message }]);
});
