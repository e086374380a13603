import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { findProgram, installDebianPackages, tryRunning } from "./find-program.ts";

/** Chromium without windows comes first: the same pages in two thirds of the time. Playwright's own choice, too. */
const HEADLESS_SHELL = "chromium-headless-shell";
const NAMES = [HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The browser for the browser tests: one that is installed, else the one that Playwright downloads,
 * else, as root on Debian and its kin, the distribution's. `undefined` when there is none to be had.
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
