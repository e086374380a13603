import { defineConfig } from "@playwright/test";

/** Chromium's sandbox doesn't work for root, the usual user in containers. */
const AS_ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: "e2e",
  outputDir: ".test/playwright",
  fullyParallel: true,
  workers: 2,
  // Normally within a second; much longer on a busy machine.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json"]],
  use: {
    baseURL: process.env.BASE_URL,
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      args: [...AS_ROOT, "--disable-gpu", "--disable-background-networking"],
    },
  },
});
