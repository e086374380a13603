import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { connectAsOwner } from "@/lib/testing/owner-database";
import { warnOfExcessRights } from "./running-rights.ts";

const { DATABASE_URL = "", TEST_OWNER_DATABASE_URL = "", TEST_VERIFIER_DATABASE_URL = "" } = process.env;

const print = vi.spyOn(console, "log").mockImplementation(() => {});
afterEach(() => print.mockClear());

const said = () => print.mock.calls.flat().join("\n");

test("a console that runs as the owner of the tables is warned of, with every right it doesn't need", async () => {
  await warnOfExcessRights(TEST_OWNER_DATABASE_URL, "console");
  expect(said()).toMatch(/^! The console runs as the database user latchkey, who has more rights than necessary: /);
  for (const right of ["is a superuser", "owns the tables", "may create tables", "entries of the audit log"]) {
    expect(said()).toContain(right);
  }
  expect(said()).toContain("docs/database-roles.md");
});

test("a verifier that runs as the console's role is warned of", async () => {
  await warnOfExcessRights(DATABASE_URL, "verifier");
  expect(said()).toMatch(
    /The verifier runs as .*latchkey_console, .*: latchkey_console reads password hashes, may change keys and members\. .*latchkey_verifier/,
  );
});

test("of the roles made for them there is nothing to say, nor where nothing can be asked", async () => {
  await warnOfExcessRights(DATABASE_URL, "console");
  await warnOfExcessRights(TEST_VERIFIER_DATABASE_URL, "verifier");
  await warnOfExcessRights("postgresql://nobody@127.0.0.1:1/none", "verifier");
  expect(said()).toBe("");
});

test.each([
  ["may copy the whole server by replication", "alter role NAME replication"],
  ["may read or write files of the server", "grant pg_read_server_files to NAME"],
  ["may read or write files of the server", "alter role NAME noinherit; grant pg_execute_server_program to NAME"],
  ["owns the tables", "alter role NAME noinherit; grant latchkey to NAME"],
  ["may change and delete entries of the audit log", "grant update (action) on audit_entries to NAME"],
  ["may change keys and members", "grant update (revoked_at) on api_keys to NAME"],
])("a member of the verifier's role who %s is warned of", async (right, grant) => {
  const name = `excess_${randomUUID().replaceAll("-", "")}`;
  const owner = await connectAsOwner();
  try {
    await owner.query(`create role ${name} login password 'x' in role latchkey_verifier`);
    await owner.query(grant.replaceAll("NAME", name));
    const url = Object.assign(new URL(DATABASE_URL), { username: name, password: "x" }).href;
    expect(await warnOfExcessRights(url, "verifier")).toBe(true);
    expect(said()).toContain(right);
  } finally {
    await owner.query(`drop owned by ${name}; drop role ${name}`);
    await owner.end();
  }
});
