import { defineConfig } from "prisma/config";

// Otherwise the CLI downloads an engine binary that `generate` and `validate` don't use: both work with the bundled
// WebAssembly, also offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
