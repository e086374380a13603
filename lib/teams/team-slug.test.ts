import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { canBeSlug, slugOf } from "./team-slug.ts";

const named = (folder: string) =>
  readdirSync(folder).flatMap((name) => (/^\((.*)\)$/.test(name) ? readdirSync(`${folder}/${name}`) : name));

test("no team takes a path of the console's own", () => {
  const taken = [...named("app"), ...named("public"), "_next"];
  expect(taken).toContain("sign-in");
  for (const name of taken) expect(slugOf(name)).not.toBe(name);
});

test("a slug has nothing in it that a file name needs", () => {
  expect(canBeSlug(slugOf("robots.txt"))).toBe(true);
  expect(["robots.txt", "favicon.ico", ".well-known", "wp-login.php", "Acme", ""].filter(canBeSlug)).toEqual([]);
});
