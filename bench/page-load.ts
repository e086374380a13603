import { type Browser, chromium } from "@playwright/test";
import type { Question } from "./console/answer-time.ts";

/** Times in milliseconds since the start of navigation, sizes in bytes as transferred. */
export type PageLoad = { loaded: number; largestPaint: number; scripts: number; document: number };

/** Chromium's sandbox doesn't work for root, the usual user in containers. */
const AS_ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export function launchBrowser(executablePath: string): Promise<Browser> {
  const args = [...AS_ROOT, "--disable-gpu", "--disable-background-networking"];
  // On a signal, Playwright would end the process before the cleanup.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, args, ...signals });
}

/** Opens the page as on a first visit, with an empty cache, and waits for all its requests. */
export async function measurePageLoad(browser: Browser, { url, headers }: Question): Promise<PageLoad> {
  const context = await browser.newContext();
  try {
    await context.addCookies((headers.cookie ?? "").split("; ").map((cookie) => ({ url, ...nameAndValue(cookie) })));
    const page = await context.newPage();
    const response = await page.goto(url, { waitUntil: "networkidle" });
    if (response?.status() !== 200) throw new Error(`${url} was answered with ${response?.status()}.`);
    return await page.evaluate(readTimings);
  } finally {
    await context.close();
  }
}

function nameAndValue(cookie: string): { name: string; value: string } {
  const equals = cookie.indexOf("=");
  return { name: cookie.slice(0, equals), value: cookie.slice(equals + 1) };
}

/** Runs in the page. */
async function readTimings(): Promise<PageLoad> {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!navigation) throw new Error("The browser has no timing of the navigation.");
  const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const scripts = resources.filter(({ name }) => new URL(name).pathname.endsWith(".js"));
  const largestPaint = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
  return {
    loaded: navigation.loadEventEnd,
    largestPaint,
    scripts: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    document: navigation.encodedBodySize,
  };
}
