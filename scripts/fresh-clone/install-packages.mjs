import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** npm writes this last, when everything is installed. */
const INSTALLED = "node_modules/.package-lock.json";

/** Installs the packages of package-lock.json unless all are installed. */
export async function installPackages() {
  if (isInstalled()) return;
  console.log("Installing packages …");
  const begun = performance.now();
  const { exitCode, output } = await npmInstall();
  if (exitCode !== 0) {
    console.error(output);
    console.error("✗ The packages could not be installed; npm's output above says why.");
    process.exit(1);
  }
  console.log(`✓ Packages installed  ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

/** Optional packages are for other platforms. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const installed = readPackages(INSTALLED);
  return Object.entries(readPackages("package-lock.json")).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || optional || devOptional || installed[path]?.version === version,
  );
}

function readPackages(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}

/** Includes packages for building and testing, because a start builds the console. */
function npmInstall() {
  const npm = spawn("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    npm.once("error", (error) => resolve({ exitCode: 1, output: error.message }));
    npm.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}
