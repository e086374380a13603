import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export const BARE_PATH = "/bare";
export const BARE_LIST_PATH = "/bare/list";

const NOT_COPIED = new Set(["node_modules", "generated", "e2e", "docs"]);

/** Excludes tests and the benchmarks' packages. */
const isNeeded = (path: string) => !/\.test\.tsx?$/.test(path) && path !== join("bench", "node_modules");

/** Entries that Next requires at the top of `app`, and those without a layout. */
const STAYS_AT_THE_TOP = new Set(["api", "icon.svg"]);

/** Copies the console to `target` and adds a bare page and a bare list over HTTP. */
export function copyConsole(target: string): void {
  mkdirSync(target, { recursive: true });
  // Excludes .env, whose settings are for the console itself, builds and data.
  const isCopied = (name: string) => !name.startsWith(".") && !NOT_COPIED.has(name);
  for (const name of readdirSync(".").filter(isCopied)) {
    cpSync(name, join(target, name), { recursive: true, filter: isNeeded });
  }
  // The database client, without the rest of the build.
  cpSync(join("generated", "prisma"), join(target, "generated", "prisma"), { recursive: true });
  linkTree("node_modules", join(target, "node_modules"));
  // A separate repository: in a directory that the surrounding repository ignores, Tailwind would search all packages
  // for classes.
  mkdirSync(join(target, ".git"));
  addBarePage(join(target, "app"));
}

/** Hard links: Turbopack rejects symbolic links that lead out of the project. */
function linkTree(source: string, target: string): void {
  mkdirSync(target);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) linkTree(from, to);
    else linkOrCopy(from, to);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // The packages can be on another volume, as in some containers.
    copyFileSync(from, to);
  }
}

/**
 * A page under the console's root layout would have its styles, fonts and error page. Next allows a page its own root
 * layout if all other pages are in a group.
 */
function addBarePage(app: string): void {
  // It must be at the top, but imports styles that have moved.
  rmSync(join(app, "global-error.tsx"));
  const names = readdirSync(app).filter((name) => !STAYS_AT_THE_TOP.has(name));
  mkdirSync(join(app, "(console)"));
  for (const name of names) renameSync(join(app, name), join(app, "(console)", name));
  const source = join("bench", "bare-page");
  cpSync(join(source, "layout.tsx"), join(app, "(bare)", "layout.tsx"));
  cpSync(join(source, "page.tsx"), join(app, "(bare)", BARE_PATH, "page.tsx"));
  cpSync(join(source, "route.ts"), join(app, "(bare)", BARE_LIST_PATH, "route.ts"));
}
