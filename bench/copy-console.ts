import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export const BARE_PATH = "/bare";
export const BARE_LIST_PATH = "/bare/list";

const NOT_COPIED = new Set(["node_modules", "generated", "e2e", "docs"]);

/** Tests, and the packages of the benchmarks, which nothing in the copy takes. */
const isNeeded = (path: string) => !/\.test\.tsx?$/.test(path) && path !== join("bench", "node_modules");

/** What Next insists on having at the top of `app`, and what has no layout. */
const STAYS_AT_THE_TOP = new Set(["api", "icon.svg"]);

/** Copies the console to `target`, with a page and a list over HTTP more: the least that Next serves. */
export function copyConsole(target: string): void {
  mkdirSync(target, { recursive: true });
  // Not .env, whose settings are for the console itself, nor builds and data.
  const isCopied = (name: string) => !name.startsWith(".") && !NOT_COPIED.has(name);
  for (const name of readdirSync(".").filter(isCopied)) {
    cpSync(name, join(target, name), { recursive: true, filter: isNeeded });
  }
  // The database's client, without the build beside it.
  cpSync(join("generated", "prisma"), join(target, "generated", "prisma"), { recursive: true });
  linkTree("node_modules", join(target, "node_modules"));
  // A repository of its own: in a place that the repository around it ignores, Tailwind ignores
  // nothing, and would look for classes in every package.
  mkdirSync(join(target, ".git"));
  addBarePage(join(target, "app"));
}

/** The same files under a second name: Turbopack refuses a symbolic link that leads out of the project. */
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
    // The packages may lie on another volume, as they do in some containers.
    copyFileSync(from, to);
  }
}

/**
 * A page under the console's root layout would have its styles, fonts and error page. Next allows
 * a page a root layout of its own once every other page is in a group beside it.
 */
function addBarePage(app: string): void {
  // It must stay at the top, where the styles that it brings are no more.
  rmSync(join(app, "global-error.tsx"));
  const names = readdirSync(app).filter((name) => !STAYS_AT_THE_TOP.has(name));
  mkdirSync(join(app, "(console)"));
  for (const name of names) renameSync(join(app, name), join(app, "(console)", name));
  const source = join("bench", "bare-page");
  cpSync(join(source, "layout.tsx"), join(app, "(bare)", "layout.tsx"));
  cpSync(join(source, "page.tsx"), join(app, "(bare)", BARE_PATH, "page.tsx"));
  cpSync(join(source, "route.ts"), join(app, "(bare)", BARE_LIST_PATH, "route.ts"));
}
