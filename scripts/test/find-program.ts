import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian's directories for servers and their modules, which aren't in an unprivileged PATH. */
const SYSTEM_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/apache2/modules"];

/** Each version of PostgreSQL has its own directory, which isn't in PATH. */
const POSTGRES_VERSIONS = "/usr/lib/postgresql";

/** Called by Debian's packages before they start a service; 101 means no. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/** The first of these programs that is installed. */
export function findProgram(...names: string[]): string | undefined {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS).sort().reverse() : [];
  const directories = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...SYSTEM_DIRECTORIES,
    ...versions.map((version) => join(POSTGRES_VERSIONS, version, "bin")),
  ];
  return directories
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((path) => existsSync(path));
}

/** The real programs that tests use, with their Debian packages. */
const TEST_PROGRAMS = {
  nginx: "nginx",
  caddy: "caddy",
  haproxy: "haproxy",
  php: "php-cli",
  pgbouncer: "pgbouncer",
  initdb: "postgresql",
  openssl: "openssl",
  apache2: "apache2-bin",
  "mod_auth_openidc.so": "libapache2-mod-auth-openidc",
  "mod_oauth2.so": "libapache2-mod-oauth2",
  dovecot: "dovecot-core",
};

export type TestProgram = keyof typeof TEST_PROGRAMS;

/** Installs missing test programs in advance, because concurrent test files would race for it. */
export function installTestPrograms(): void {
  const missing = Object.entries(TEST_PROGRAMS).filter(([name]) => !findProgram(name));
  if (missing.length > 0) installDebianPackages(missing.map(([, debianPackage]) => debianPackage));
}

/** An installed program, or (as root on Debian and derivatives) the distribution's; throws what to install. */
export function findOrInstallProgram(name: TestProgram): string {
  const debianPackage = TEST_PROGRAMS[name];
  if (!findProgram(name)) installDebianPackages([debianPackage]);
  const path = findProgram(name);
  if (path) return path;
  throw new Error(`There is no ${name} for this test: install it (Debian: apt-get install ${debianPackage}).`);
}

/** As root on Debian and derivatives: installs packages without starting their services. Elsewhere it does nothing. */
export function installDebianPackages(names: string[]): void {
  if (process.getuid?.() !== 0 || !findProgram("apt-get")) return;
  const isOurPolicy = !existsSync(SERVICE_POLICY);
  if (isOurPolicy) writeFileSync(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    tryRunning("apt-get", ["update", "-qq"]);
    tryRunning("apt-get", [
      "-o",
      "DPkg::Lock::Timeout=120",
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      ...names,
    ]);
  } finally {
    if (isOurPolicy) rmSync(SERVICE_POLICY, { force: true });
  }
}

/** Runs a program that may fail; the caller checks the effect. */
export function tryRunning(program: string, args: string[]): void {
  try {
    execFileSync(program, args, { stdio: "ignore" });
  } catch {
    // The caller tries the next option.
  }
}
