import { describe, expect, test } from "vitest";
import { changeExpirySchema } from "@/lib/api-keys/change/change-expiry";
import { renameApiKeySchema } from "@/lib/api-keys/change/rename-api-key";
import { apiKeyIdSchema, createApiKeySchema } from "@/lib/api-keys/schemas";
import { inDays } from "@/lib/testing/fixtures";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const good = { kind: "personal", name: "Zapier production", scopes: ["events.read"], expiry: { in: "90d" } };
const megabyte = "x".repeat(1_000_000);

describe("what makes a key", () => {
  test("is a kind, a name, scopes and an expiry", () => {
    const unnarrowed = { resource: null, allowedIps: [] };
    expect(createApiKeySchema.parse(good)).toEqual({ ...good, ...unnarrowed });
    expect(createApiKeySchema.parse({ ...good, kind: "team" })).toEqual({ ...good, kind: "team", ...unnarrowed });
  });

  test("is personal by default", () => {
    const { kind: _, ...unsaid } = good;
    expect(createApiKeySchema.parse(unsaid).kind).toBe("personal");
  });

  test.each(["", "Team", "user", "toString", null, ["team"], { equals: "team" }, true])(
    "is refused with a kind of %j",
    (kind) => {
      expectRefusal({ ...good, kind }, "kind");
    },
  );

  test.each([
    ["left out", {}],
    ["empty", { name: "" }],
    ["only spaces", { name: "   " }],
  ])("may have its name %s, which is no name", (_, name) => {
    const { name: _name, ...nameless } = good;
    expect(createApiKeySchema.parse({ ...nameless, ...name }).name).toBeNull();
  });

  test("gets its name trimmed and composed, so that the same name is found again", () => {
    expect(createApiKeySchema.parse({ ...good, name: "  Cafe\u0301  " }).name).toBe("Caf\u00e9");
  });

  test("gets each scope once", () => {
    expect(createApiKeySchema.parse({ ...good, scopes: ["a.b", "c.d", "a.b"] }).scopes).toEqual(["a.b", "c.d"]);
  });

  test("may expire at an instant with an offset", () => {
    const at = inDays(30);
    const text = at.toISOString().replace("Z", "+00:00");
    expect(createApiKeySchema.parse({ ...good, expiry: { at: text } }).expiry).toEqual({ at });
  });

  test.each([
    ["81 characters", "x".repeat(81)],
    ["a megabyte", megabyte],
    ["NUL", "a\0b"],
    ["a line break", "a\nb"],
    ["an escape character", "a\u001bb"],
    ["a C1 control", "a\u0085b"],
    ["a lone surrogate", "a\ud800b"],
    ["a Unicode line separator", "a\u2028b"],
    ["a token pasted into the wrong field", `lk_pat_${"0a".repeat(36)}`],
    ["null", null],
    ["a number", 1],
    ["an array", ["name"]],
    ["a database operator", { contains: "" }],
  ])("is refused with a name of %s", (_, name) => {
    expectRefusal({ ...good, name }, "name");
  });

  test.each([
    ["none", []],
    ["left out", undefined],
    ["201 of them", Array.from({ length: 201 }, (_, index) => `a.b${index}`)],
    ["201 times the same", Array(201).fill("events.read")],
    ["a string", "events.read"],
    ["an object", { 0: "events.read", length: 1 }],
    ["a number among them", ["events.read", 1]],
    ["an array among them", [["events.read"]]],
    ["null among them", [null]],
    ["a megabyte among them", [megabyte]],
  ])("is refused with scopes that are %s", (_, scopes) => {
    expectRefusal({ ...good, scopes }, "scopes");
  });

  test.each([
    ["left out", undefined],
    ["a string", "90d"],
    ["null", null],
    ["empty", {}],
    ["not one of the choices", { in: "2y" }],
    ["a name that every object has", { in: "constructor" }],
    ["both ways at once", { in: "90d", at: inDays(1).toISOString() }],
    ["with an unknown key", { in: "90d", extra: 1 }],
    ["beyond the year 9999", { at: "+010000-01-01T00:00:00Z" }],
    ["no date of the calendar", { at: "2027-02-30T00:00:00Z" }],
    ["without a time zone", { at: "2027-02-03T00:00:00" }],
    ["a number", { at: Date.now() + 86_400_000 }],
    ["an array of dates", { at: [inDays(1).toISOString()] }],
  ])("is refused with an expiry that is %s", (_, expiry) => {
    expectRefusal({ ...good, expiry }, "expiry");
  });

  test.each([
    "userId",
    "memberId",
    "teamId",
    "role",
    "revokedAt",
    "tokenHash",
    "hash",
    "id",
    "createdAt",
    "lastUsedAt",
    "rotatedFromId",
    "policy",
  ])("is refused with %s, which is not the caller's to set", (field) => {
    const parsed = createApiKeySchema.safeParse({ ...good, [field]: ID });
    expect(parsed.error?.issues).toMatchObject([{ code: "unrecognized_keys", keys: [field] }]);
  });

  test("may be narrowed to a resource, and to distinct addresses and ranges in CIDR", () => {
    const narrowed = {
      resource: { type: "event", id: ` ${ID} ` },
      allowedIps: ["203.0.113.7", "203.0.113.7/32", " 198.51.100.0/24 ", "2001:DB8::/32", "::ffff:192.0.2.1", "::1"],
    };
    expect(createApiKeySchema.parse({ ...good, ...narrowed })).toMatchObject({
      resource: { type: "event", id: ID },
      allowedIps: ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::/32", "192.0.2.1/32", "::1/128"],
    });
  });

  test.each([
    ["a string", "event:1"],
    ["without a type", { id: ID }],
    ["without an id", { type: "event" }],
    ["with a number for an id", { type: "event", id: 1 }],
    ["with a database operator", { type: "event", id: { not: "" } }],
    ["with an unknown key", { type: "event", id: ID, teamId: ID }],
    ["with NUL", { type: "event", id: "\0" }],
    ["a megabyte", { type: "event", id: megabyte }],
    ["several", [{ type: "event", id: ID }]],
  ])("is refused with a resource that is %s", (_, resource) => {
    expectRefusal({ ...good, resource }, "resource");
  });

  test.each([
    ["a string", "203.0.113.7"],
    ["null", null],
    ["a number among them", [1]],
    ["null among them", [null]],
    ["an array among them", [["203.0.113.7"]]],
    ["51 of them", Array.from({ length: 51 }, (_, index) => `203.0.113.${index}`)],
    ["a megabyte among them", [megabyte]],
  ])("is refused with addresses that are %s", (_, allowedIps) => {
    expectRefusal({ ...good, allowedIps }, "allowedIps");
  });

  test("is told which of its addresses is wrong", () => {
    const parsed = createApiKeySchema.safeParse({ ...good, allowedIps: ["203.0.113.7", "203.0.113.300"] });
    expect(parsed.error?.issues).toMatchObject([
      { path: ["allowedIps", 1], message: expect.stringContaining("“203.0.113.300”") },
    ]);
  });

  test.each(["", "Ada", "1", null, [ID]])("is refused with %j as the responsible member", (responsibleMemberId) => {
    expectRefusal({ ...good, kind: "team", responsibleMemberId }, "responsibleMemberId");
  });

  test.each([
    ["null", null],
    ["an array", [good]],
    ["a string", "x"],
    ["a number", 7],
    ["nothing", undefined],
  ])("can't be %s", (_, input) => {
    expect(createApiKeySchema.safeParse(input).success).toBe(false);
  });

  test("is not polluted by a __proto__ in its JSON", () => {
    const parsed = createApiKeySchema.safeParse(
      JSON.parse(`{"__proto__":{"scopes":["events.read"]},"expiry":{"in":"90d"}}`),
    );
    expect(parsed.success).toBe(false);
  });
});

describe("what names a key", () => {
  test.each([renameApiKeySchema, changeExpirySchema, apiKeyIdSchema])("is refused unless it is one UUID", (schema) => {
    for (const id of [
      "",
      "1",
      `${ID}'`,
      `${ID} `,
      `${ID}\0`,
      megabyte,
      [ID],
      { equals: ID },
      { not: "" },
      null,
      undefined,
      1,
    ]) {
      const parsed = schema.safeParse({ id, name: "x", expiry: { in: "90d" } });
      expect(
        parsed.error?.issues.some((issue) => issue.path[0] === "id"),
        String(id).slice(0, 40),
      ).toBe(true);
    }
  });

  test("comes alone when a key is revoked", () => {
    expect(apiKeyIdSchema.parse({ id: ID })).toEqual({ id: ID });
    expect(apiKeyIdSchema.safeParse({ id: ID, teamId: ID }).success).toBe(false);
    expect(apiKeyIdSchema.safeParse({ id: ID, memberId: { not: "" } }).success).toBe(false);
  });

  test("comes with nothing but the new name, which may be none", () => {
    expect(renameApiKeySchema.parse({ id: ID, name: " " })).toEqual({ id: ID, name: null });
    expect(renameApiKeySchema.safeParse({ id: ID, name: "x", scopes: ["events.write"] }).success).toBe(false);
    expect(renameApiKeySchema.safeParse({ id: ID }).success).toBe(false);
  });

  test("comes with nothing but the new expiry", () => {
    expect(changeExpirySchema.parse({ id: ID, expiry: { in: "never" } })).toEqual({ id: ID, expiry: { in: "never" } });
    expect(changeExpirySchema.safeParse({ id: ID, expiry: { in: "1y" }, revokedAt: null }).success).toBe(false);
  });
});

function expectRefusal(input: unknown, field: string): void {
  const parsed = createApiKeySchema.safeParse(input);
  expect(parsed.success).toBe(false);
  expect(new Set(parsed.error?.issues.map((issue) => issue.path[0]))).toEqual(new Set([field]));
}
