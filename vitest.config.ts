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
    // Most of the time is spent waiting for processes and PostgreSQL, also on two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of what is waited for comes within a millisecond; a machine with much else to do takes far longer.
    expect: { poll: { timeout: 30_000 } },
  },
});
