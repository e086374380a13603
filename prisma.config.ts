import { defineConfig } from "prisma/config";

// The CLI would otherwise download an engine binary that `generate` and `validate` never run:
// both work from the bundled WebAssembly, also where nothing can be downloaded.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
