import { afterEach, expect, test, vi } from "vitest";
import { warnOfExcessRights } from "./running-rights.ts";

const { DATABASE_URL = "", TEST_OWNER_DATABASE_URL = "", TEST_VERIFIER_DATABASE_URL = "" } = process.env;

const print = vi.spyOn(console, "log").mockImplementation(() => {});
afterEach(() => print.mockClear());

const said = () => print.mock.calls.flat().join("\n");

test("a console that runs as the owner of the tables is warned of, with every right it doesn't need", async () => {
  await warnOfExcessRights(TEST_OWNER_DATABASE_URL, "console");
  expect(said()).toMatch(/^! The console runs as the database user latchkey, who can do more than it needs: /);
  for (const right of ["is a superuser", "owns the tables", "may create tables", "entries of the audit log"]) {
    expect(said()).toContain(right);
  }
  expect(said()).toContain("docs/database-roles.md");
});

test("a verifier that runs as the console's role is warned of", async () => {
  await warnOfExcessRights(DATABASE_URL, "verifier");
  expect(said()).toMatch(
    /The verifier runs as .*latchkey_console, .*: latchkey_console reads password hashes\. .*latchkey_verifier/,
  );
});

test("of the roles made for them there is nothing to say, nor where nothing can be asked", async () => {
  await warnOfExcessRights(DATABASE_URL, "console");
  await warnOfExcessRights(TEST_VERIFIER_DATABASE_URL, "verifier");
  await warnOfExcessRights("postgresql://nobody@127.0.0.1:1/none", "verifier");
  expect(said()).toBe("");
});
