import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where an unprivileged PATH doesn't look, and Debian puts servers and their modules. */
const SYSTEM_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/apache2/modules"];

/** Each version of PostgreSQL has a directory of its own, which is in nobody's PATH. */
const POSTGRES_VERSIONS = "/usr/lib/postgresql";

/** Asked by Debian's packages before they start a service; 101 is a no. */
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

/** The programs that tests run for real, with the Debian packages that bring them. */
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

/** Installs what tests will need and isn't there, at once: test files run beside each other, and would race for it. */
export function installTestPrograms(): void {
  const missing = Object.entries(TEST_PROGRAMS).filter(([name]) => !findProgram(name));
  if (missing.length > 0) installDebianPackages(missing.map(([, debianPackage]) => debianPackage));
}

/** An installed program, else, as root on Debian and its kin, the distribution's; throws what to install. */
export function findOrInstallProgram(name: TestProgram): string {
  const debianPackage = TEST_PROGRAMS[name];
  if (!findProgram(name)) installDebianPackages([debianPackage]);
  const path = findProgram(name);
  if (path) return path;
  throw new Error(`There is no ${name} for this test: install it (Debian: apt-get install ${debianPackage}).`);
}

/** As root on Debian and its kin: installs packages without starting their services. Anywhere else it does nothing. */
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

/** Runs a program that may fail: whoever calls looks for what it was to bring about. */
export function tryRunning(program: string, args: string[]): void {
  try {
    execFileSync(program, args, { stdio: "ignore" });
  } catch {
    // The next way is tried.
  }
}
