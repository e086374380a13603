import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { findOrInstallProgram } from "@/scripts/test/find-program";
import { startTls } from "./apache.ts";

const DOCS = "docs/introspection";
const START_PATIENCE_MS = 15_000;

export interface SignIn {
  user: string;
  token: string;
  mechanism?: "OAUTHBEARER" | "XOAUTH2";
}

export interface RunningDovecot {
  /** The user that Dovecot authenticated; null if it refused. */
  signIn(attempt: SignIn): Promise<string | null>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Dovecot's authentication on the files of its page, asking the verifier at this port over TLS. */
export async function startDovecot(
  verifierPort: number,
  caller: { id: string; token: string },
): Promise<RunningDovecot> {
  const program = findOrInstallProgram("dovecot");
  const directory = await mkdtemp(join(tmpdir(), "latchkey-dovecot-"));
  await chmod(directory, 0o755);
  await mkdir(join(directory, "run"));
  const tls = await startTls(directory, verifierPort);
  const question = (await readFile(join(DOCS, "dovecot-oauth2.conf.ext"), "utf8"))
    .replace("KEY_ID", caller.id)
    .replace("KEY_TOKEN", caller.token)
    .replace("verifier.example.com", `localhost:${tls.port}`)
    .replace("/etc/ssl/certs/ca-certificates.crt", tls.certificate);
  await writeFile(join(directory, "dovecot-oauth2.conf.ext"), question, { mode: 0o600 });
  const page = await readFile(join(DOCS, "dovecot.conf"), "utf8");
  const configuration = surroundings(directory) + page.replaceAll("/etc/dovecot/", `${directory}/`);
  await writeFile(join(directory, "dovecot.conf"), configuration);
  const child = spawn(program, ["-F", "-c", join(directory, "dovecot.conf")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const log = () => readFile(join(directory, "log"), "utf8").catch(() => "");
  const stop = async () => {
    if (child.exitCode === null) await Promise.all([once(child, "exit"), child.kill("SIGTERM")]);
    tls.close();
    await rm(directory, { recursive: true, force: true });
  };
  const socketPath = join(directory, "run", "auth-client");
  await untilThere(socketPath, child).catch(async (error) => {
    const why = await log();
    await stop();
    throw new Error(`${error.message}\n${why}`);
  });
  return { signIn: (attempt) => authenticate(socketPath, attempt), log, stop };
}

/** No mail is served: the test asks by the socket that the mail services would use. */
function surroundings(directory: string): string {
  return `
base_dir = ${join(directory, "run")}
state_dir = ${directory}
log_path = ${join(directory, "log")}
protocols =
ssl = no
auth_mechanisms = plain
auth_failure_delay = 0
${process.getuid?.() === 0 ? "" : withoutRoot()}
`;
}

function withoutRoot(): string {
  const { username } = userInfo();
  const group = execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();
  return `
default_internal_user = ${username}
default_login_user = ${username}
default_internal_group = ${group}
service anvil {
  chroot =
}`;
}

/** As a mail service asks Dovecot's own authentication: one line each, fields divided by tabs. */
async function authenticate(socketPath: string, { user, token, mechanism = "OAUTHBEARER" }: SignIn) {
  const first = mechanism === "OAUTHBEARER" ? `n,a=${user},` : `user=${user}`;
  const response = Buffer.from(`${first}\x01auth=Bearer ${token}\x01\x01`).toString("base64");
  const socket = connect(socketPath);
  socket.write(`VERSION\t1\t2\nCPID\t${process.pid}\n`);
  try {
    for await (const line of createInterface({ input: socket })) {
      const [kind, , ...fields] = line.split("\t");
      if (kind === "DONE") socket.write(`AUTH\t1\t${mechanism}\tservice=imap\tsecured\tno-penalty\tresp=${response}\n`);
      // A refusal is sent as JSON, which the client acknowledges (RFC 7628, section 3.2.3).
      if (kind === "CONT") socket.write("CONT\t1\tAQ==\n");
      if (kind === "FAIL") return null;
      if (kind === "OK") return fields.find((field) => field.startsWith("user="))?.slice(5) ?? "";
    }
    throw new Error("Dovecot broke off.");
  } finally {
    socket.destroy();
  }
}

async function untilThere(path: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (existsSync(path)) return;
    await delay(50);
  }
  throw new Error("Dovecot did not start.");
}
