import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hashOf } from "./file-hash.mjs";

const GENERATED = "generated/prisma/.latchkey-schema-hash";

/** Generates the database client from the schema unless it is current for this schema and these packages. */
export async function generateDatabaseClient() {
  const wanted = `${hashOf("prisma/schema.prisma")} ${hashOf("package-lock.json")}`;
  if (existsSync(GENERATED) && readFileSync(GENERATED, "utf8") === wanted) return;
  const begun = performance.now();
  try {
    execFileSync(process.execPath, ["node_modules/prisma/build/index.js", "generate"], { stdio: "pipe" });
  } catch (error) {
    console.error(`${error.stdout}${error.stderr}`);
    console.error("✗ The database client could not be generated; Prisma's output above says why.");
    process.exit(1);
  }
  writeFileSync(GENERATED, wanted);
  console.log(`✓ Database client generated  ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
