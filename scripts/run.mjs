// Runs scripts/<command>.ts, also in a fresh clone: uses only Node's own modules until the packages are installed.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleServices, SERVICES } from "./build/bundle-services.mjs";
import { generateDatabaseClient } from "./fresh-clone/generate-database-client.mjs";
import { installPackages } from "./fresh-clone/install-packages.mjs";

const OLDEST_NODE = [20, 19];

const command = process.argv[2] ?? "start";
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
checkInvocation();
loadEnvironment();
await installPackages();
await generateDatabaseClient();
await runCommand();

function checkInvocation() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    fail(`Latchkey requires Node.js ${OLDEST_NODE.join(".")} or newer. This is ${process.versions.node}.`);
  }
  if (!existsSync(`scripts/${command}.ts`)) fail(`Unknown command "${command}".`);
}

function loadEnvironment() {
  if (!existsSync(".env")) return;
  try {
    process.loadEnvFile(".env");
  } catch {
    fail(
      "This user can't read the file .env next to package.json: make it readable, or set its variables another way.",
    );
  }
}

async function runCommand() {
  process.env.LATCHKEY_COMMAND = command;
  try {
    const module = await import(await moduleOf(command));
    await module.default?.(...process.argv.slice(3));
    process.exit();
  } catch (error) {
    await registerTypeScript();
    const { reportFailure } = await import("./report-failure.ts");
    reportFailure(error);
    process.exit(1);
  }
}

/** A service runs without a compiler, which would take as much memory as a verifier. */
async function moduleOf(command) {
  if (SERVICES.includes(command)) return bundleServices(command);
  await registerTypeScript();
  return `./${command}.ts`;
}

async function registerTypeScript() {
  const { register } = await import("tsx/esm/api");
  register();
}

function fail(sentence) {
  console.error(`✗ ${sentence}`);
  process.exit(1);
}
