import { defineConfig } from "@playwright/test";

/** Chromium refuses its sandbox to root, who is who containers run as. */
const AS_ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: "e2e",
  outputDir: ".test/playwright",
  fullyParallel: true,
  workers: 2,
  // What is waited for comes within a second; a machine with much else to do takes far longer.
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
