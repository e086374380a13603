import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createServer, type TLSSocket } from "node:tls";
import { freePort } from "@/scripts/free-port";
import { findOrInstallProgram, findProgram } from "@/scripts/test/find-program";

const DOCS = "docs/introspection";
const ENDPOINT = "https://verifier.example.com";
const START_PATIENCE_MS = 15_000;

/** An Apache module for introspection, configured by the file of its name in docs/introspection. */
export interface ApacheModule {
  name: "mod_auth_openidc" | "mod_oauth2";
  /** Its name in Apache's LoadModule directive. */
  identifier: "auth_openidc_module" | "oauth2_module";
  /** The prefix of the headers that describe the key to the API. */
  claims: string;
  /** The page's file, so that the module accepts a certificate that no authority has signed. */
  accepting: (page: string, certificate: string) => string;
}

export interface RunningApache {
  port: number;
  /** The status of a request to the protected part, or to another path. */
  ask(token: string | undefined, method?: string, path?: string): Promise<number>;
  /** The content of Apache's error log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Apache with one module, asking the verifier at this port over TLS; /events/api is what listens at `apiPort`. */
export async function startApache(
  { name, identifier, accepting }: ApacheModule,
  { verifierPort, apiPort, caller }: { verifierPort: number; apiPort: number; caller: { id: string; token: string } },
): Promise<RunningApache> {
  const [module, apache] = [findOrInstallProgram(`${name}.so`), findOrInstallProgram("apache2")];
  const directory = await mkdtemp(join(tmpdir(), "latchkey-apache-"));
  await chmod(directory, 0o755);
  const tls = await startTls(directory, verifierPort);
  const port = await freePort();
  const page = accepting(await readFile(join(DOCS, `${name}.conf`), "utf8"), tls.certificate)
    .replaceAll(ENDPOINT, `https://localhost:${tls.port}`)
    .replaceAll("KEY_ID", caller.id)
    .replaceAll("KEY_TOKEN", caller.token);
  await writeFile(join(directory, "events"), "the events");
  const proxied = `ProxyPass /events/api http://127.0.0.1:${apiPort}/\n`;
  const own = surroundings(directory, port, `${identifier} ${module}`);
  await writeFile(join(directory, "apache.conf"), own + proxied + page);
  const child = spawn(apache, ["-f", join(directory, "apache.conf"), "-DFOREGROUND"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = async () => {
    await end(child);
    tls.close();
    await rm(directory, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  };
  const log = () => readFile(join(directory, "error.log"), "utf8").catch(() => "");
  await untilListening(port, child).catch(async (error) => {
    const why = await log();
    await stop();
    throw new Error(`${error.message}\n${why}`);
  });
  const ask = async (token: string | undefined, method = "GET", path = "/events") => {
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { method, headers })).status;
  };
  return { port, ask, log, stop };
}

/** TLS in front of the verifier, as a proxy adds it in production. */
export async function startTls(directory: string, verifierPort: number) {
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const self = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  execFileSync(findOrInstallProgram("openssl"), ["req", "-x509", ...newKey, "-out", certificate, ...self], {
    stdio: "ignore",
  });
  await chmod(certificate, 0o644);
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (socket) => {
    sockets.add(socket);
    const inner = connect(verifierPort, "127.0.0.1");
    socket.pipe(inner).pipe(socket);
    for (const each of [socket, inner]) each.on("error", () => [socket, inner].map((other) => other.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: typeof address === "object" && address ? address.port : 0, certificate, close };
}

function surroundings(directory: string, port: number, module: string): string {
  const modules = join(findProgram("mod_authz_core.so") ?? "", "..");
  const load = (name: string) => `LoadModule ${name}_module ${join(modules, `mod_${name}.so`)}`;
  return `
ServerRoot ${directory}
ServerName localhost
PidFile ${join(directory, "apache.pid")}
DefaultRuntimeDir ${directory}
ErrorLog ${join(directory, "error.log")}
Listen 127.0.0.1:${port}
${["mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http"].map(load).join("\n")}
LoadModule ${module}
${process.getuid?.() === 0 ? "User www-data\nGroup www-data" : ""}
StartServers 1
DocumentRoot ${directory}
`;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (answers) return;
    await delay(50);
  }
  throw new Error("Apache did not start.");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
