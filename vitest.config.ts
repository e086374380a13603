import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
      // The real module throws outside a server component's bundle.
      "server-only": fileURLToPath(new URL("node_modules/server-only/empty.js", import.meta.url)),
    },
  },
  test: {
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: [...configDefaults.exclude, "generated/**", ".test/**", "e2e/**"],
    globalSetup: "scripts/test-database.ts",
    // Tests mostly wait for processes and PostgreSQL, even on two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Normally within a millisecond; much longer on a busy machine.
    expect: { poll: { timeout: 30_000 } },
  },
});
