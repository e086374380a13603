import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EnvError } from "@/lib/env";
import { apiPermissions, readCatalog } from "@/lib/permissions/catalog";

const directory = mkdtempSync(join(tmpdir(), "latchkey-catalog-"));
afterAll(() => rmSync(directory, { recursive: true }));

const file = join(directory, "permissions.json");

function read(content: unknown) {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readCatalog(file);
}

const permission = (name: string, access = "read") => ({ name, access, label: "Label" });
const withNames = (...names: string[]) => ({
  groups: [{ name: "Group", permissions: names.map((name) => permission(name)) }],
});

test("the catalog that comes with Latchkey has reading and writing of events, contacts, messages and reports", () => {
  const areas = ["events", "contacts", "messages", "reports"];
  expect(apiPermissions("read")).toEqual(areas.map((area) => `${area}.read`));
  expect(apiPermissions("write")).toEqual(areas.map((area) => `${area}.write`));
  expect(readCatalog("config/permissions.json").resources).toEqual([
    { type: "event", label: "Event", idFormat: "uuid" },
  ]);
});

test("a catalog needs no resources, and may name permissions in several parts", () => {
  expect(read(withNames("billing.invoices.read_all", "a1.b2"))).toMatchObject({ resources: [] });
});

describe("a catalog is refused", () => {
  test.each([
    ["that isn't there", () => readCatalog(join(directory, "missing.json")), /missing\.json, which can't be read\.$/],
    ["that is a directory", () => readCatalog(directory), /can't be read/],
    ["that is empty", () => read(""), /not valid JSON/],
    ["that isn't JSON", () => read("{groups: []}"), /not valid JSON/],
    ["that is no object", () => read([]), /the catalog/],
    ["without groups", () => read({ groups: [] }), /groups/],
    ["with an empty group", () => read(withNames()), /groups\.0\.permissions/],
    ["with an unknown key", () => read({ ...withNames("a.b"), admin: true }), /admin/],
    [
      "with an unknown key in a permission",
      () => read({ groups: [{ name: "G", permissions: [{ ...permission("a.b"), grants: 1 }] }] }),
      /grants/,
    ],
    [
      "with an access that isn't read or write",
      () => read({ groups: [{ name: "G", permissions: [permission("a.b", "admin")] }] }),
      /access/,
    ],
    ["with a permission twice", () => read(withNames("a.b", "a.b")), /lists a permission twice/],
    [
      "with a permission in two groups",
      () => read({ groups: [...withNames("a.b").groups, ...withNames("a.b").groups] }),
      /lists a permission twice/,
    ],
  ])("%s, with a sentence that names PERMISSIONS_FILE and the fault", (_, act, sentence) => {
    const error = refusalOf(act);
    expect(error.message).toMatch(/^PERMISSIONS_FILE /);
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/\.$/);
  });

  test.each(["team.manage_roles", "developer.manage_tokens", "audit.view", "keys.verify", "team.x", "keys.manage.all"])(
    "that hands out the console's own %s as a scope",
    (name) => {
      expect(refusalOf(() => read(withNames(name))).message).toMatch(
        /groups\.0\.permissions\.0\.name .*reserved for the console/,
      );
    },
  );

  test.each([
    "events",
    "Events.read",
    "events.",
    ".read",
    "events..read",
    "events read",
    "events.read ",
    "*",
    "events.*",
    "é.a",
    "",
    `a.${"b".repeat(64)}`,
  ])("with a permission called %j", (name) => {
    expect(refusalOf(() => read(withNames(name))).message).toMatch(/groups\.0\.permissions\.0\.name /);
  });
});

function refusalOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(EnvError);
    return error as Error;
  }
  return expect.fail("was not refused");
}
