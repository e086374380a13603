import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { prepareDataDir } from "./data-dir.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";
import { completePostgres, findPostgresBinaries, makeReachable } from "./postgres/binaries.ts";
import { createRunner } from "./postgres/run-as.ts";
import { postgresUser } from "./postgres/system-user.ts";

const isRoot = process.getuid?.() === 0;
const place = prepareDataDir(join(tmpdir(), `latchkey-embedded-${randomUUID()}`));
afterAll(() => rm(place, { recursive: true, force: true, maxRetries: 20 }));

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  return client
    .query(text)
    .then(({ rows }) => Object.values(rows[0] ?? {})[0])
    .finally(() => client.end());
}

test("a database of a version without roles gets them at its next start, and keeps its data", async () => {
  const dataDir = prepareDataDir(join(place, "of-before"));
  const before = await startEmbeddedPostgres(dataDir, { durable: false });
  try {
    await migrate(before.urls.owner);
    await ask(before.urls.owner, "insert into teams (id, slug, name) values (gen_random_uuid(), 'acme', 'Acme')");
    for (const role of ["latchkey_console", "latchkey_verifier"]) {
      await ask(before.urls.owner, `drop owned by ${role}`);
      await ask(before.urls.owner, `drop role ${role}`);
    }
  } finally {
    await before.stop();
  }
  let after = await startEmbeddedPostgres(dataDir, { durable: false });
  try {
    await migrate(after.urls.owner);
    expect(await ask(after.urls.console, "select slug from teams")).toBe("acme");
    expect(await ask(after.urls.verifier, "select slug from teams")).toBe("acme");
    // A role can change its own password and settings; the next start resets them.
    await ask(after.urls.console, "alter role current_user password 'mine'");
    const withMine = Object.assign(new URL(after.urls.console), { password: "mine" }).href;
    await ask(withMine, "alter role current_user set default_transaction_read_only = on");
    await ask(
      after.urls.verifier,
      "alter role current_user in database latchkey set default_transaction_read_only = on",
    );
    await after.stop();
    after = await startEmbeddedPostgres(dataDir, { durable: false });
    for (const url of [after.urls.console, after.urls.verifier]) {
      expect(await ask(url, "select current_setting('default_transaction_read_only')")).toBe("off");
    }
    // Not even its owner, a superuser, can read files that PostgreSQL's user can't.
    if (isRoot) {
      const read = ask(after.urls.owner, "select pg_read_file('/etc/shadow')");
      await expect(read).rejects.toThrow(/Permission denied/);
    }
  } finally {
    await after.stop();
  }
});

const OVER_SOCKET = "select inet_server_addr() is null";

test.skipIf(process.platform === "win32")(
  "the console and the verifier use the Unix socket, or TCP if its path would be too long",
  async () => {
    for (const [name, isOverSocket] of [
      ["short", true],
      [`long-${"x".repeat(60)}`, false],
    ] as const) {
      const server = await startEmbeddedPostgres(prepareDataDir(join(place, name)), { durable: false });
      try {
        expect(await ask(server.urls.console, OVER_SOCKET)).toBe(isOverSocket);
        expect(await ask(server.urls.verifier, OVER_SOCKET)).toBe(isOverSocket);
      } finally {
        await server.stop();
      }
    }
  },
);

test.runIf(isRoot)("a DATA_DIR that PostgreSQL's user can't reach is refused with what to set instead", async () => {
  const closed = join(place, "closed");
  mkdirSync(closed, { mode: 0o700 });
  await expect(startEmbeddedPostgres(prepareDataDir(join(closed, "data")))).rejects.toThrow(
    `its user can't access ${closed}: set DATA_DIR to a directory that every user can reach, e.g. DATA_DIR=/var/lib/latchkey`,
  );
});

test.runIf(isRoot)("PostgreSQL's programs run from a checkout that its user can't reach", async () => {
  const dataDir = prepareDataDir(join(place, "of-closed-checkout"));
  const user = postgresUser(join(dataDir, "postgres"));
  const binaries = await findPostgresBinaries(dataDir, user);
  // As under /root: other users can't reach the package.
  const checkout = join(place, "checkout");
  mkdirSync(checkout, { mode: 0o700 });
  const itsPackage = resolve(binaries.postgres, "..", "..", "..");
  execFileSync("cp", ["-a", itsPackage, join(checkout, "package")]);
  const inCheckout = (program: string) => program.replace(itsPackage, join(checkout, "package"));
  const { initdb, pg_ctl, postgres } = binaries;
  const closed = { initdb: inCheckout(initdb), pg_ctl: inCheckout(pg_ctl), postgres: inCheckout(postgres) };
  const copy = makeReachable(closed, dataDir, user);
  const { stdout } = await createRunner(user).run(copy.postgres, ["--version"]);
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18/);
  expect(makeReachable(closed, dataDir, user)).toEqual(copy);
  expect(readdirSync(dataDir)).toHaveLength(1);
});

test.runIf(process.platform === "linux")(
  "a build makes the links that npm didn't, e.g. with ignore-scripts",
  async () => {
    const { postgres } = await findPostgresBinaries(prepareDataDir(join(place, "links")), undefined);
    // For a library that the server doesn't load.
    const link = join(dirname(dirname(postgres)), "lib/libecpg.so");
    rmSync(link);
    await completePostgres();
    expect(existsSync(link)).toBe(true);
  },
);
