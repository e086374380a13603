import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { ACTION_IDS_KEY, buildConsoleUnlessCurrent } from "./build/build-console.ts";
import { buildDir } from "./build/build-dir.mjs";
import { prepareDataDir } from "./data-dir.ts";
import { type LaunchedConsole, launchConsole } from "./launched-console.ts";
import { isAlive } from "./process-identity.ts";

// The first start also builds the console.
const START_TIMEOUT_MS = 180_000;

const launched: LaunchedConsole[] = [];
const dataDirs: string[] = [];

type Options = { throughNpm?: boolean; wrapper?: string[] };

async function launch(env: Record<string, string>, options: Options = {}): Promise<LaunchedConsole> {
  const running = await launchConsole({ env: { AUTH_SECRET: "x".repeat(32), LOG_LEVEL: "error", ...env }, ...options });
  launched.push(running);
  return running;
}

function newDataDir(): string {
  const dataDir = prepareDataDir(join(tmpdir(), `latchkey-start-${randomUUID()}`));
  dataDirs.push(dataDir);
  return dataDir;
}

function postmasterPid(dataDir: string): number | undefined {
  const path = join(dataDir, "postgres", "postmaster.pid");
  return existsSync(path) ? Number(readFileSync(path, "utf8").split("\n")[0]) : undefined;
}

afterEach(async () => {
  for (const { pid } of launched.splice(0)) if (isAlive(pid)) process.kill(-pid, "SIGKILL");
  for (const dataDir of dataDirs.splice(0)) {
    const postmaster = postmasterPid(dataDir);
    if (postmaster && isAlive(postmaster)) process.kill(postmaster, "SIGQUIT");
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
});

/** Expects exit code 1 and one sentence, without a stack. */
async function expectRefusal(env: Record<string, string>, sentence: RegExp): Promise<void> {
  const refused = await launch(env);
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toMatch(sentence);
  expect(refused.output().match(/^✗ .*/gm)).toHaveLength(1);
  expect(refused.output()).not.toMatch(/^\s+at /m);
}

function databaseUrl(change: (url: URL) => void): string {
  const url = new URL(process.env.DATABASE_URL ?? "");
  change(url);
  return url.href;
}

describe("a start that can't work says in one sentence what to change", () => {
  test.each([
    ["PORT", "99999"],
    ["APP_URL", "keys.example.com"],
    ["LOG_LEVEL", "loud"],
    ["AUTH_SECRET", "short"],
    ["PERMISSIONS_FILE", "no-such-file.json"],
  ])("a wrong %s", (name, value) => expectRefusal({ [name]: value }, new RegExp(`^✗ ${name} `, "m")));

  test("a file .env that can't be read", async () => {
    const checkout = newDataDir();
    cpSync("scripts", join(checkout, "scripts"), { recursive: true });
    // A directory in its place, because root can read every file.
    mkdirSync(join(checkout, ".env"));
    const { status, stderr } = spawnSync(process.execPath, [join(checkout, "scripts/run.mjs")], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^✗ This user can't read the file \.env .*\n$/);
  });

  test("a port that is taken", async () => {
    const occupant: Server = createServer().listen(0);
    const address = occupant.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    await expectRefusal({ PORT: port }, new RegExp(`Port ${port} is in use: .*PORT`));
    occupant.close();
  });

  test("a DATA_DIR that can't be written", () => {
    const file = join(newDataDir(), "a-file");
    writeFileSync(file, "");
    return expectRefusal({ DATA_DIR: join(file, "data") }, /DATA_DIR .* isn't writable/);
  });

  test("a database server that is down", () =>
    expectRefusal({ DATABASE_URL: "postgresql://a:b@127.0.0.1:1/c" }, /Nothing responds at 127\.0\.0\.1:1/));

  test("a database host that has no address", () =>
    expectRefusal(
      { DATABASE_URL: "postgresql://a:b@no-such-host.invalid/c" },
      /no-such-host\.invalid .*can't be resolved/,
    ));

  test("a wrong database password", () => {
    const DATABASE_URL = databaseUrl((url) => {
      url.password = "wrong";
    });
    return expectRefusal({ DATABASE_URL }, /rejected the user latchkey_console: correct .* DATABASE_URL/);
  });

  test("a database that does not exist", () => {
    const DATABASE_URL = databaseUrl((url) => {
      url.pathname = "/missing";
    });
    return expectRefusal({ DATABASE_URL }, /no database missing: create it/);
  });

  test("a database that takes no writes before there is an admin", async () => {
    const scratch = await createScratchDatabase();
    const owner = new pg.Client({ connectionString: scratch.ownerUrl });
    await owner.connect();
    await owner.query(`alter database ${owner.database} set default_transaction_read_only = on`);
    await owner.end();
    await expectRefusal(
      { DATABASE_URL: scratch.url },
      /^✗ The first admin can't be set up: .* is read-only right now/m,
    );
    await scratch.drop();
  });

  test("an admin's password that is too weak, and PostgreSQL is stopped again", async () => {
    const DATA_DIR = newDataDir();
    await expectRefusal({ DATA_DIR, ADMIN_EMAIL: "a@example.com", ADMIN_PASSWORD: "short" }, /ADMIN_PASSWORD/);
    expect(postmasterPid(DATA_DIR)).toBeUndefined();
  });
});

/** A request whose head has arrived and whose body hasn't; `finish` sends the rest and returns the response. */
async function openRequest({ url }: LaunchedConsole): Promise<{ finish(): Promise<string> }> {
  const { port } = new URL(url);
  const socket = connect(Number(port), "localhost");
  const lines = ["POST /api/v1/me HTTP/1.1", "Host: localhost", "Content-Length: 2", "", "{"];
  await new Promise((resolve) => socket.write(lines.join("\r\n"), resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    finish: () => {
      socket.write("}");
      return text(socket);
    },
  };
}

/** Runs a command with write access to `dataDir` only. */
const withoutWriting = (dataDir: string) => [
  "unshare",
  "--mount",
  "sh",
  "-c",
  `mount --bind "$0" "$0"
   for path in / "$PWD" ${tmpdir()}; do mount -o remount,bind,ro "$(findmnt -n -o TARGET -T "$path")"; done
   exec "$@"`,
  dataDir,
];

describe("a current build", { timeout: START_TIMEOUT_MS }, () => {
  test.runIf(process.getuid?.() === 0)("starts where nothing but DATA_DIR can be written", async () => {
    await buildConsoleUnlessCurrent();
    const DATA_DIR = newDataDir();
    const console = await launch({ DATA_DIR }, { wrapper: withoutWriting(DATA_DIR) });
    await console.ready();
    expect((await fetch(`${console.url}/sign-in`)).status).toBe(200);
    expect((await fetch(`${console.verifierUrl}/api/health/ready`)).status).toBe(200);
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
    expect(console.output()).not.toMatch(/EROFS|read-only/i);
  });

  test("that is none asks for one in a sentence, before anything is done to the database", async () => {
    const DATA_DIR = newDataDir();
    const refused = await launch({ DATA_DIR, LATCHKEY_BUILD_DIR: "package.json/build" });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(/^✗ .*can't write to .*package.json.*npm run build/m);
    expect(existsSync(join(DATA_DIR, "postgres"))).toBe(false);
  });

  test.runIf(process.getuid?.() === 0)("that is only of older sources asks for one in a sentence, too", async () => {
    const [DATA_DIR, LATCHKEY_BUILD_DIR] = [newDataDir(), newDataDir()];
    mkdirSync(join(LATCHKEY_BUILD_DIR, "services/0123456789abcdef"), { recursive: true });
    const refused = await launch({ DATA_DIR, LATCHKEY_BUILD_DIR }, { wrapper: withoutWriting(DATA_DIR) });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(/^✗ .*can't write to .*services.*npm run build/m);
    expect(refused.output()).not.toMatch(/^\s+at /m);
  });

  test("knows its actions by the same ids as every other build of these sources", async () => {
    await buildConsoleUnlessCurrent();
    const manifest = readFileSync(join(buildDir(), "console/server/server-reference-manifest.json"), "utf8");
    expect(JSON.parse(manifest).encryptionKey).toBe(ACTION_IDS_KEY);
  });
});

describe("a running console", { timeout: START_TIMEOUT_MS }, () => {
  test("told to stop answers what is in flight, stops PostgreSQL and ends with 0", async () => {
    const DATA_DIR = newDataDir();
    const console = await launch({ DATA_DIR });
    await console.ready();
    const request = await openRequest(console);
    console.signal("SIGTERM");
    await expect.poll(() => fetch(console.url).catch(() => "refused")).toBe("refused");
    expect(await request.finish()).toMatch(/^HTTP\/1\.1 405 /);
    expect(await console.exited).toBe(0);
    expect(postmasterPid(DATA_DIR)).toBeUndefined();
  });

  test("takes the two signals of one Ctrl-C under npm for one", async () => {
    const console = await launch({ DATA_DIR: newDataDir() }, { throughNpm: true });
    await console.ready();
    const request = await openRequest(console);
    console.signal("SIGINT", "group");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await request.finish()).toMatch(/^HTTP\/1\.1 405 /);
    expect(await console.exited).toBe(0);
    expect(console.output()).toContain("✓ Stopped");
  });

  test("asked twice to stop doesn't wait for requests", async () => {
    const console = await launch({ DATA_DIR: newDataDir() });
    await console.ready();
    await openRequest(console);
    console.signal("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    console.signal("SIGTERM");
    const asked = Date.now();
    expect(await console.exited).toBe(0);
    expect(Date.now() - asked).toBeLessThan(3_000);
  });

  test("killed outright leaves nothing that the next start can't deal with", async () => {
    const DATA_DIR = newDataDir();
    const killed = await launch({ DATA_DIR });
    await killed.ready();
    const orphan = postmasterPid(DATA_DIR);
    killed.signal("SIGKILL");
    await killed.exited;
    const next = await launch({ DATA_DIR });
    await next.ready();
    expect(postmasterPid(DATA_DIR)).toBe(orphan);
    next.signal("SIGTERM");
    expect(await next.exited).toBe(0);
    expect(postmasterPid(DATA_DIR)).toBeUndefined();
  });

  test("starts its PostgreSQL again when that dies", async () => {
    const DATA_DIR = newDataDir();
    const console = await launch({ DATA_DIR });
    await console.ready();
    const readiness = async () => (await fetch(`${console.url}/api/health/ready`)).status;
    expect(await readiness()).toBe(200);
    const postmaster = postmasterPid(DATA_DIR);
    // A signal to process 0 would reach our whole group.
    if (!postmaster) throw new Error("there is no postmaster");
    process.kill(postmaster, "SIGQUIT");
    await expect.poll(readiness).toBe(503);
    await expect.poll(readiness).toBe(200);
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
  });

  test("ends by itself when the npm that started it is killed", async () => {
    const DATA_DIR = newDataDir();
    const console = await launch({ DATA_DIR }, { throughNpm: true });
    await console.ready();
    console.signal("SIGKILL");
    await expect.poll(() => postmasterPid(DATA_DIR)).toBeUndefined();
    await expect.poll(() => existsSync(join(DATA_DIR, "lock"))).toBe(false);
  });

  test("keeps a second one off its DATA_DIR", async () => {
    const DATA_DIR = newDataDir();
    const first = await launch({ DATA_DIR });
    await first.ready();
    await expectRefusal({ DATA_DIR }, new RegExp(`in use by process ${first.pid} \\(npm run start\\)`));
    expect((await fetch(`${first.url}/api/health/live`)).status).toBe(200);
    first.signal("SIGTERM");
    expect(await first.exited).toBe(0);
  });
});
