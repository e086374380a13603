import { readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "@/lib/openapi/document";

// As clients receive it: without what JSON omits.
const document = JSON.parse(JSON.stringify(openApiDocument())) as ReturnType<typeof openApiDocument>;

type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: { name: string; in: string; required: boolean }[];
  responses: Record<string, object>;
};

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>)
    .filter(([method]) => method !== "servers")
    .map(([method, operation]) => ({ path, method, operation })),
);

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  if ("$ref" in value) yield String(value.$ref);
  for (const inner of Object.values(value)) yield* refsIn(inner);
}

function at(pointer: string): unknown {
  const parts = pointer.slice(2).split("/");
  return parts.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

describe("the OpenAPI document", () => {
  test("is of version 3.1 and refers to nothing that isn't in it", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const refs = [...new Set(refsIn(document))];
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((ref) => !ref.startsWith("#/components/") || at(ref) === undefined)).toEqual([]);
  });

  test("has every endpoint that Next answers below /api/v1, and no other", () => {
    const root = join(import.meta.dirname, "../../app/api/v1");
    const routes = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("route.ts"));
    const served = routes.map(
      (file) =>
        `/${file
          .replace(/\/route\.ts$/, "")
          .replaceAll("[", "{")
          .replaceAll("]", "}")}`,
    );
    const endpoints = [
      "/me",
      "/verify",
      "/introspect",
      "/forward-auth",
      "/api/health/live",
      "/api/health/ready",
      "/api/metrics",
    ];
    expect(Object.keys(document.paths).sort()).toEqual([...served, ...endpoints].sort());
  });

  test("calls what isn't below /api/v1 by its whole path, from the console's own address", () => {
    const outside = Object.entries(document.paths).filter(([path]) => path.startsWith("/api/"));
    expect(outside).toHaveLength(3);
    const base = document.servers[0]?.url ?? "";
    for (const [, item] of outside) expect(item).toHaveProperty("servers", [{ url: base.replace(/\/api\/v1$/, "") }]);
  });

  test("says of a request that was answered before that it has no token, and of the first that it has", () => {
    const answered = (id: string, status: number) => {
      const operation = operations.find((each) => each.operation.operationId === id)?.operation;
      const answer = operation?.responses[status] as { content: Record<string, { schema: { $ref: string } }> };
      const schema = at(answer.content["application/json"]?.schema.$ref ?? "") as {
        properties: { data: { $ref?: string; properties?: { token: { type: string } } } };
      };
      const { data } = schema.properties;
      const shown = (data.$ref ? at(data.$ref) : data) as { properties: { token: { type: string } } };
      return shown.properties.token.type;
    };
    for (const id of ["createApiKey", "rotateApiKey"]) {
      expect([answered(id, 200), answered(id, 201)], id).toEqual(["null", "string"]);
    }
  });

  test("explains each filter of the list, and offers no field that is always refused", () => {
    const list = operations.find(({ operation }) => operation.operationId === "listApiKeys")?.operation;
    const kind = list?.parameters?.find(({ name }) => name === "kind");
    expect(kind).toMatchObject({
      in: "query",
      description: expect.any(String),
      schema: { enum: ["personal", "team"] },
    });
    const { properties } = at("#/components/schemas/ChangeApiKey") as { properties: object };
    expect(Object.keys(properties).sort()).toEqual(["allowed_ips", "expires_at", "expires_in", "name", "resource"]);
    expect(at("#/components/schemas/RotateApiKey")).toHaveProperty("properties.scopes");
  });

  test("names each operation once, with a tag that it explains", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) expect(tags).toContain(operation.tags[0]);
  });

  test("declares the parameters of each path, and says what each operation answers", () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        declared.map(({ name }) => name),
        path,
      ).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith("2")),
        path,
      ).toBe(true);
    }
  });

  test("demands the same of who calls as the endpoints do", () => {
    const byId = Object.fromEntries(operations.map(({ operation }) => [operation.operationId, operation]));
    const schemes = (id: string) => (byId[id] as { security?: object[] }).security?.flatMap(Object.keys);
    expect(schemes("createApiKey")).toEqual(["sessionToken", "sessionCookie"]);
    expect(schemes("createSessionToken")).toEqual(["sessionCookie"]);
    expect(schemes("me")).toEqual(["apiKey"]);
    expect(schemes("openapi")).toEqual([]);
  });
});

describe("its schemas", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "doc", ...document });
  const accepts = (name: string, value: unknown) => ajv.validate(`doc#/components/schemas/${name}`, value);

  test("are all JSON Schema 2020-12", () => {
    for (const name of Object.keys(document.components.schemas)) accepts(name, null);
  });

  test("take what the endpoints take, and refuse fields that nobody knows", () => {
    expect(accepts("CreateApiKey", { name: "x", preset: "read_only", expires_in: "90d" })).toBe(true);
    expect(accepts("CreateApiKey", { scopes: ["events.read"], expires_at: null, resource: null })).toBe(true);
    expect(accepts("CreateApiKey", { scopes: ["events.read"], memberId: "x" })).toBe(false);
    expect(accepts("CreateApiKey", { scopes: "events.read" })).toBe(false);
    expect(accepts("ChangeApiKey", { allowed_ips: ["10.0.0.0/8"] })).toBe(true);
    expect(accepts("RotateApiKey", { overlap: "2h" })).toBe(false);
    expect(accepts("RotateApiKey", { overlap: "none", allowed_ips: ["10.0.0.0/8"] })).toBe(true);
    expect(accepts("Verification", { tokens: ["a", "b"], resource: { type: "event", id: "1" } })).toBe(true);
  });

  test("hold no token where one is not to be told", () => {
    const schemas = document.components.schemas as Record<string, { properties?: object }>;
    const withToken = Object.keys(schemas).filter((name) => "token" in (schemas[name]?.properties ?? {}));
    expect(withToken.sort()).toEqual(["Introspection", "MadeApiKey", "RotatedApiKey", "Verification"]);
  });
});
