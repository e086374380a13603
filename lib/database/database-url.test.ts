import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { DatabaseUrlError, readDatabaseUrl } from "@/lib/database/database-url";

const directory = mkdtempSync(join(tmpdir(), "latchkey-database-url-"));
const certificate = join(directory, "ca.pem");
writeFileSync(certificate, "a certificate");
afterAll(() => rmSync(directory, { recursive: true }));

/** The client configuration that pg derives. */
const clientsOf = (text: string) =>
  readDatabaseUrl(text).urls.map((connectionString) => {
    const { host, port, user, password, database } = new pg.Client({ connectionString });
    return { host, port, user, password, database };
  });

const usual = { host: "db", port: 5432, user: "u", password: "p", database: "keys" };

test.each([
  ["postgres://u:p@db:5432/keys", usual],
  ["postgresql://u:p@db/keys", usual],
  ["postgresql://u:p@db/keys?schema=public", usual],
  ["postgresql://u:p@db/keys?search_path=public", usual],
  ["postgresql://u:p@[2001:db8::1]:5433/keys", { ...usual, host: "2001:db8::1", port: 5433 }],
  ["postgresql://u:p@ss@db/keys", { ...usual, password: "p@ss" }],
  ["postgresql://u:%2F%3F%23%25%40@db/keys", { ...usual, password: "/?#%@" }],
  ["postgresql://u:p@/keys?host=/run/postgresql", { ...usual, host: "/run/postgresql" }],
  ["postgresql://u:p@%2Frun%2Fpostgresql:5433/keys", { ...usual, host: "/run/postgresql", port: 5433 }],
  ["postgresql:///keys?host=/run/postgresql&user=u&password=p", { ...usual, host: "/run/postgresql" }],
  ["postgresql:///keys?user=u&password=p", { ...usual, host: "localhost" }],
])("%s is read as libpq reads it", (text, client) => {
  expect(clientsOf(text)).toEqual([client]);
});

test("without a user it is the one who runs the process, also where USER isn't set", () => {
  expect(clientsOf("postgresql:///keys?host=/run/postgresql")[0]?.user).toBeTruthy();
});

test("several hosts are tried in their order, for the one that takes writes", () => {
  const target = "postgresql://u:p@one,[2001:db8::2]:5433,three:5434/keys";
  expect(clientsOf(target).map(({ host, port }) => [host, port])).toEqual([
    ["one", 5432],
    ["2001:db8::2", 5433],
    ["three", 5434],
  ]);
  expect(readDatabaseUrl(target).attributes).toBe("read-write");
  expect(readDatabaseUrl(`${target}?target_session_attrs=primary`).attributes).toBe("primary");
  expect(readDatabaseUrl("postgresql://db/keys").attributes).toBe("any");
  expect(clientsOf("postgresql://u@/keys?host=one,two&port=1,2").map(({ host, port }) => [host, port])).toEqual([
    ["one", 1],
    ["two", 2],
  ]);
});

test("TLS is always checked when it is asked for, and says nothing about later versions of pg", () => {
  for (const mode of ["prefer", "require", "verify-ca", "verify-full"]) {
    expect(readDatabaseUrl(`postgresql://db/keys?sslmode=${mode}&sslrootcert=${certificate}`).urls[0]).toContain(
      "sslmode=verify-full",
    );
  }
  expect(readDatabaseUrl("postgresql://db/keys?sslrootcert=system").urls[0]).toContain("sslmode=verify-full");
  expect(readDatabaseUrl("postgresql://db/keys?sslmode=disable").urls[0]).toContain("sslmode=disable");
});

describe("what would be misread or ignored is refused with what to change", () => {
  test.each([
    ["mysql://db/keys", "must look like postgresql://"],
    ["db", "must look like postgresql://"],
    ["postgresql://u:p/ss@db/keys", "percent-encode"],
    ["postgresql://u:1/2@db/keys", "percent-encode"],
    ["postgresql://u:p?ss@db/keys", "percent-encode"],
    ["postgresql://u:p#ss@db/keys", "percent-encode"],
    ["postgresql://u:p%ss@db/keys", "percent-encode"],
    ["postgresql://u:p@s/s@db/keys", "percent-encode"],
    ["postgresql://u:p ss@db/keys", "percent-encode"],
    ["postgresql://db/keys%", "%25"],
    ["postgresql://db:0/keys", "an invalid port (0)"],
    ["postgresql://db:port/keys", "an invalid port (port)"],
    ["postgresql:///keys?host=a,b,c&port=1,2", "names 3 hosts and 2 ports"],
    ["postgresql://db/keys?schema=private", "names the schema private: leave it out"],
    ["postgresql://db/keys?options=-c%20search_path%3Dprivate", "sets the search_path to private: leave it out"],
    ["postgresql://db/keys?options=--search-path=private", "sets the search_path to private: leave it out"],
    ["postgresql://db/keys?search_path=private", "sets the search_path to private: leave it out"],
    ["postgresql://db/keys?target_session_attrs=standby", "needs the server that accepts writes"],
    ["postgresql://db/keys?sslmode=maybe", "has sslmode=maybe"],
    [
      "postgresql://db/keys?sslrootcert=/no/such.pem",
      "names the file /no/such.pem as sslrootcert, which can't be read (ENOENT)",
    ],
  ])("%s", (text, sentence) => {
    expect(() => readDatabaseUrl(text)).toThrow(DatabaseUrlError);
    expect(() => readDatabaseUrl(text)).toThrow(sentence);
  });

  test("without repeating the password", () => {
    expect.assertions(1);
    try {
      readDatabaseUrl("postgresql://u:se/cret@db/keys");
    } catch (error) {
      expect(String(error)).not.toMatch(/se\/cret|cret/);
    }
  });
});
