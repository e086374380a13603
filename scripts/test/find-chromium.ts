import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { findProgram, installDebianPackages, tryRunning } from "./find-program.ts";

/** Preferred: the headless shell renders the same pages in two thirds of the time. Playwright's own choice, too. */
const HEADLESS_SHELL = "chromium-headless-shell";
const NAMES = [HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The browser for browser tests: an installed one, otherwise Playwright's download, otherwise (as root on Debian and
 * derivatives) the distribution's. `undefined` if there is none.
 */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  return installed() ?? downloaded() ?? fromDistribution();
}

function installed(): string | undefined {
  return findProgram(...NAMES) ?? APPLICATIONS.find((path) => existsSync(path));
}

function downloaded(): string | undefined {
  const path = chromium.executablePath();
  if (!existsSync(path)) tryRunning(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
  return existsSync(path) ? path : undefined;
}

function fromDistribution(): string | undefined {
  for (const debianPackage of [HEADLESS_SHELL, "chromium"]) {
    if (!installed()) installDebianPackages([debianPackage]);
  }
  return installed();
}
