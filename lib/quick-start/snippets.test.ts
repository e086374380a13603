import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { addresses } from "@/lib/quick-start/addresses";
import { readChoice } from "@/lib/quick-start/choice";
import { INTEGRATION_NAMES, INTEGRATIONS, type Integration } from "@/lib/quick-start/integrations";
import { snippetsFor } from "@/lib/quick-start/snippets";
import { tokenPattern } from "@/lib/quick-start/token-pattern";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { freePort } from "@/scripts/free-port";
import { startVerifier } from "@/verifier/service";

const run = promisify(execFile);
const SCOPES = { read: "contacts.read", write: "contacts.write" };
const ELSEWHERE = {
  console: "https://keys.example.com",
  verifier: { host: "keys.example.com", port: 3101, isAddress: false },
};

const has = (program: string, ...args: string[]) =>
  run(program, args).then(
    () => true,
    () => false,
  );

const [hasPython, hasGo, hasNginx, hasCaddy] = await Promise.all([
  has("python3", "--version"),
  has("go", "version"),
  has("nginx", "-v"),
  has("caddy", "version"),
]);

let directory: string;
let verifier: Awaited<ReturnType<typeof startVerifier>>;
let owner: Actor;
let slug: string;
let here: { console: string; verifier: { host: string; port: number; isAddress: boolean } };
let environment: NodeJS.ProcessEnv;
const tokens = { read: "", write: "", other: "", revoked: "" };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "latchkey-quick-start-"));
  const port = await freePort();
  verifier = await startVerifier(port);
  here = { console: `http://127.0.0.1:${port}`, verifier: { host: "127.0.0.1", port, isAddress: true } };
  owner = await createTestDeveloper();
  slug = (await db.team.findUniqueOrThrow({ where: { id: owner.teamId } })).slug;
  const tokenWith = async (scopes: string[], more = {}) =>
    (await createTestKey(owner, { name: "Zapier", scopes, ...more })).token;
  tokens.read = await tokenWith(["contacts.read"]);
  tokens.write = await tokenWith(["contacts.read", "contacts.write"]);
  tokens.other = await tokenWith(["events.read", "events.write"]);
  tokens.revoked = await tokenWith(["contacts.read"], { revokedAt: new Date() });
  const asker = await createTestKey(owner, { kind: "team", scopes: ["keys.verify"] });
  environment = { NODE_ENV: "test", PATH: process.env.PATH, HOME: directory, LATCHKEY_KEY: asker.token };
});

afterAll(async () => {
  await verifier.close(AbortSignal.abort());
  await rm(directory, { recursive: true });
});

async function written(integration: Integration, places = here): Promise<string> {
  const snippets = await snippetsFor(integration, places, slug, SCOPES);
  for (const { file, text } of snippets) {
    await writeFile(join(directory, file), text.replaceAll("/etc/nginx/", `${directory}/`));
  }
  return join(directory, snippets[0]?.file ?? "");
}

/** Runs the program while the test uses it. */
async function withServer(program: string, file: string, use: (url: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(program, [file], { env: { ...environment, PORT: String(port) }, stdio: "ignore" });
  try {
    await expect
      .poll(
        () =>
          fetch(url).then(
            (answer) => answer.status,
            () => 0,
          ),
        { timeout: 15_000 },
      )
      .toBe(401);
    await use(url);
  } finally {
    server.kill();
  }
}

const status = async (url: string, token: string, method = "GET") => {
  const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, challenge: answer.headers.get("www-authenticate"), body: await answer.text() };
};

async function expectGuarded(url: string): Promise<void> {
  expect(await status(url, tokens.read)).toMatchObject({ status: 200, body: "Hello, Zapier\n" });
  expect(await status(url, tokens.write, "POST")).toMatchObject({ status: 200 });
  expect(await status(url, tokens.read, "POST")).toMatchObject({
    status: 403,
    challenge: 'Bearer realm="api", error="insufficient_scope"',
  });
  expect(await status(url, tokens.other)).toMatchObject({ status: 403 });
  expect(await status(url, tokens.revoked)).toMatchObject({
    status: 401,
    challenge: 'Bearer realm="api", error="invalid_token"',
  });
  expect(await status(url, "garbage")).toMatchObject({ status: 401 });
}

describe("a snippet does what it says:", () => {
  test("curl tells whose the key is, that it may read, and that it is valid", async () => {
    const { stdout } = await run("sh", ["-e", await written("curl")], {
      env: { ...environment, LATCHKEY_TOKEN: tokens.read },
    });
    expect(stdout).toContain('"name":"Zapier"');
    expect(stdout).toMatch(/HTTP\/1\.1 200/);
    expect(stdout).toMatch(/^x-latchkey-key-name: Zapier/m);
    expect(stdout).toContain('"valid":true');
  });

  test("curl asks for the token where there is none, and sends nothing", async () => {
    await expect(run("sh", [await written("curl")], { env: environment })).rejects.toThrow(/LATCHKEY_TOKEN/);
  });

  test("Node guards a server", async () => {
    await withServer(process.execPath, await written("node"), expectGuarded);
  });

  test.runIf(hasPython)("Python guards a server", async () => {
    await withServer("python3", await written("python"), expectGuarded);
  });

  test.runIf(hasPython)("Python lets nobody in when Latchkey doesn't answer", async () => {
    const nowhere = { ...here, console: `http://127.0.0.1:${await freePort()}` };
    await withServer("python3", await written("python", nowhere), async (url) => {
      expect(await status(url, tokens.read)).toMatchObject({ status: 503 });
    });
  });

  test.runIf(hasGo)(
    "Go is as gofmt writes it, has nothing that vet complains of, and guards a server",
    {
      timeout: 120_000,
    },
    async () => {
      const [file, program] = [await written("go"), join(directory, "guarded")];
      expect((await run("gofmt", ["-l", file])).stdout).toBe("");
      await run("go", ["vet", file], { env: environment });
      await run("go", ["build", "-o", program, file], { env: environment });
      await withServer(program, file, expectGuarded);
    },
  );

  test.runIf(hasNginx)("nginx takes the file", async () => {
    const file = await written("nginx");
    const main = join(directory, "main.conf");
    await writeFile(main, `pid ${directory}/pid; events {} http { include ${file}; }`);
    const { stderr } = await run("nginx", ["-t", "-e", "stderr", "-p", directory, "-c", main]);
    expect(stderr).toContain("syntax is ok");
  });

  test.runIf(hasCaddy)("Caddy takes the file", async () => {
    const { stdout } = await run("caddy", ["adapt", "--adapter", "caddyfile", "--config", await written("caddy")]);
    expect(stdout).toContain(`127.0.0.1:${here.verifier.port}`);
  });
});

describe("a snippet has this installation's addresses and the chosen scopes:", () => {
  test.each(INTEGRATION_NAMES)("%s", async (integration) => {
    const snippets = await snippetsFor(integration, ELSEWHERE, "acme", SCOPES);
    expect(snippets.map(({ file }) => file)).toEqual(
      INTEGRATIONS[integration].files.length > 0
        ? INTEGRATIONS[integration].files
        : [expect.stringMatching(/^(try|api|main)\./)],
    );
    const text = snippets.map((snippet) => snippet.text).join("\n");
    for (const scope of [SCOPES.read, SCOPES.write]) expect(text).toContain(scope);
    if (INTEGRATIONS[integration].files.length > 0) {
      expect(text).toContain("read=contacts.read&write=contacts.write");
      expect(text).toContain("team=acme&read=events.read&write=events.write");
      expect(text).toMatch(/keys\.example\.com:3101|address: keys\.example\.com, port_value: 3101/);
    } else {
      expect(text).toContain("https://keys.example.com");
    }
    expect(text).not.toMatch(/127\.0\.0\.1:3001|port_value: 3001|\breports\b/);
    expect(text).not.toMatch(/lk_(pat|key|ses)_/);
  });

  test("Envoy resolves a name, and takes an address as it is", async () => {
    const [named] = await snippetsFor("envoy", ELSEWHERE, "acme", SCOPES);
    expect(named?.text).toContain("    - name: latchkey\n      type: STRICT_DNS\n      connect_timeout");
    const [numbered] = await snippetsFor("envoy", here, "acme", SCOPES);
    expect(numbered?.text).not.toContain("STRICT_DNS");
  });

  test("the gateways' files are those of the documents, but for addresses and scopes", async () => {
    const asDocumented = {
      console: "http://localhost:3000",
      verifier: { host: "127.0.0.1", port: 3001, isAddress: true },
    };
    for (const integration of INTEGRATION_NAMES) {
      for (const { file, text } of await snippetsFor(integration, asDocumented, "acme", {
        read: "reports.read",
        write: "reports.write",
      })) {
        if (!(INTEGRATIONS[integration].files as readonly string[]).includes(file)) continue;
        const document = await readFile(join("docs/gateways", file), "utf8");
        const swapped = document.replace(/\b(events|reports)\b/g, (name) => (name === "events" ? "reports" : "events"));
        expect(text.replaceAll("team=acme&read=", "read="), file).toBe(swapped);
      }
    }
  });
});

describe("beside the snippets", () => {
  test("a URL that says nonsense is read as nothing said", () => {
    const first = { for: "curl", read: "events.read", write: "events.write" };
    expect(readChoice({})).toEqual(first);
    expect(readChoice({ for: "cobol", read: "events.write", write: ["events.write", "x"] })).toEqual(first);
    expect(readChoice({ for: "kong", read: "reports.read" })).toEqual({ ...first, for: "kong", read: "reports.read" });
  });

  test("scanners find tokens by the pattern, and not what only begins like one", () => {
    const pattern = new RegExp(tokenPattern(), "g");
    const text = `a ${tokens.read} b lk_ses_${"0".repeat(72)} c lk_pat_${"0".repeat(71)}g`;
    expect(text.match(pattern)).toEqual([tokens.read, `lk_ses_${"0".repeat(72)}`]);
  });

  test("a gateway on this machine is told an address, not a name", () => {
    expect(addresses().verifier).toMatchObject({ host: "127.0.0.1", isAddress: true });
  });
});
