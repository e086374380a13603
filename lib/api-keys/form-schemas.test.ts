import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createApiKeyFormSchema, narrowApiKeyFormSchema } from "@/lib/api-keys/form-schemas";

const wrong = { resource: { type: "event", id: "12" }, allowedIps: ["10.0.0.300"] };

test.each([
  [
    "creating",
    createApiKeyFormSchema,
    { scopes: [], expiry: { in: "90d" }, ...wrong },
    ["allowedIps", "resource", "scopes"],
  ],
  ["narrowing", narrowApiKeyFormSchema, { id: randomUUID(), ...wrong }, ["allowedIps", "resource"]],
])("the form for %s is told of all its wrong fields at once", (_, schema, input, fields) => {
  const { error } = schema.safeParse(input);
  expect(error?.issues.map(({ path }) => path[0]).sort()).toEqual(fields);
});

test("what is left out, and a resource that the catalogue knows, is fine", () => {
  const id = randomUUID();
  expect(narrowApiKeyFormSchema.parse({ id })).toEqual({ id });
  expect(narrowApiKeyFormSchema.parse({ id, resource: null })).toEqual({ id, resource: null });
  const resource = { type: "event", id };
  expect(createApiKeyFormSchema.parse({ scopes: ["a"], expiry: { in: "90d" }, resource })).toMatchObject({ resource });
});
