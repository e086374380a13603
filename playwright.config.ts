import { defineConfig } from "@playwright/test";

/** Chromium refuses its sandbox to root, who is who containers run as. */
const AS_ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: "e2e",
  outputDir: ".test/playwright",
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  reporter: [["list"], ["json"]],
  use: {
    baseURL: process.env.BASE_URL,
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      args: [...AS_ROOT, "--disable-gpu", "--disable-background-networking"],
    },
  },
});
