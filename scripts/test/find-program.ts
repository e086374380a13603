import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where an unprivileged PATH doesn't look, and Debian puts servers. */
const SYSTEM_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Asked by Debian's packages before they start a service; 101 is a no. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/** The first of these programs that is installed. */
export function findProgram(...names: string[]): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_DIRECTORIES];
  return directories
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((path) => existsSync(path));
}

/** An installed program, else, as root on Debian and its kin, the distribution's; throws what to install. */
export function findOrInstallProgram(name: string, debianPackage = name): string {
  if (!findProgram(name)) installDebianPackage(debianPackage);
  const path = findProgram(name);
  if (path) return path;
  throw new Error(`There is no ${name} for this test: install it (Debian: apt-get install ${debianPackage}).`);
}

/** As root on Debian and its kin: installs a package without starting its service. Anywhere else it does nothing. */
export function installDebianPackage(name: string): void {
  if (process.getuid?.() !== 0 || !findProgram("apt-get")) return;
  const isOurPolicy = !existsSync(SERVICE_POLICY);
  if (isOurPolicy) writeFileSync(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    tryRunning("apt-get", ["update", "-qq"]);
    tryRunning("apt-get", ["-o", "DPkg::Lock::Timeout=120", "install", "-y", "-qq", "--no-install-recommends", name]);
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
