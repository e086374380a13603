import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

/** No tables or enums are managed elsewhere. */
export const NOTHING_EXTERNAL = { externalTables: [], externalEnums: [] };

/**
 * Prisma's schema engine as WebAssembly, connected to one database. Prisma's CLI would download a native one, which
 * fails in closed networks. Call `free()` when done.
 */
export async function connectSchemaEngine(databaseUrl: string): Promise<SchemaEngine> {
  await instantiate();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
}

let instantiated: Promise<void> | undefined;

/** The package imports its .wasm as a module, which Node 20 doesn't support. */
function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    const path = createRequire(import.meta.url)
      .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
      .replace(/\.js$/, ".wasm");
    const imports = { "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports };
    const { instance } = await WebAssembly.instantiate(await readFile(path), imports);
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
  })();
  return instantiated;
}
