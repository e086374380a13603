import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { createTeam } from "@/lib/teams/create-team";
import { auditEntries, createTestUser, NOWHERE } from "@/lib/testing/fixtures";

async function slugFor(name: string): Promise<string> {
  const owner = await createTestUser();
  const { slug } = await db.$transaction((tx) => createTeam(tx, name, owner, NOWHERE));
  return slug;
}

/** The first segments of our own URLs: app's folders, including those in a (group). */
function ownPages(folder = "app"): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("["))
    .flatMap(({ name }) => (name.startsWith("(") ? ownPages(join(folder, name)) : [name]));
}

/** Makes a name unique, so that the test gets its own slug without a collision suffix. */
const unique = () => randomUUID().slice(0, 8);

describe("a new team", () => {
  test("has its owner as Admin, the built-in roles and an audit entry", async () => {
    const owner = await createTestUser();
    const { id } = await db.$transaction((tx) =>
      createTeam(tx, "Acme", owner, { ip: "198.51.100.7", userAgent: "browser" }),
    );
    const members = await db.member.findMany({ where: { teamId: id }, include: { role: true } });
    expect(members).toMatchObject([{ userId: owner.id, role: { name: "Admin", grantsAll: true } }]);
    const roles = await db.role.findMany({ where: { teamId: id } });
    expect(roles.filter((role) => role.grantsAll)).toHaveLength(1);
    expect(await auditEntries(id, "team.created")).toMatchObject([
      { actorId: owner.id, targetType: "team", targetId: id, targetLabel: "Acme", ip: "198.51.100.7" },
    ]);
  });

  test("isn't made when its audit entry can't be written", async () => {
    const owner = await createTestUser();
    const name = `Team ${unique()}`;
    const making = db.$transaction((tx) => createTeam(tx, name, { ...owner, name: "\0" }, NOWHERE));
    await expect(making).rejects.toThrow();
    expect(await db.team.count({ where: { name } })).toBe(0);
  });
});

describe("the slug of a team", () => {
  test.each([
    ["Acme Inc", "acme-inc"],
    ["  Ärzte & Söhne! ", "arzte-sohne"],
    ["a__b--c", "a-b-c"],
    ["../../etc/passwd", "etc-passwd"],
    ["<script>", "script"],
  ])("of “%s” begins with %s and has only letters, digits and single hyphens", async (name, expected) => {
    const id = unique();
    expect(await slugFor(`${name} ${id}`)).toBe(`${expected}-${id}`);
  });

  test("is cut to forty characters and ends in none but a letter or digit", async () => {
    const slug = await slugFor(`${unique()} ${"x".repeat(30)} ${"y".repeat(30)}`);
    expect(slug).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(slug).toMatch(/[a-z0-9]$/);
  });

  test("of a name without Latin letters or digits is made up", async () => {
    const slugs = [await slugFor("株式会社"), await slugFor("!!!"), await slugFor("株式会社")];
    for (const slug of slugs) expect(slug).toMatch(/^team-[0-9a-f]{6}$/);
    expect(new Set(slugs).size).toBe(3);
  });

  test("that is taken gets something appended, as often as it is wanted", async () => {
    const name = `Twin ${unique()}`;
    const slugs = [await slugFor(name), await slugFor(name), await slugFor(name)];
    expect(new Set(slugs).size).toBe(3);
    for (const slug of slugs.slice(1)) expect(slug).toMatch(new RegExp(`^${slugs[0]}-[0-9a-f]{6}$`));
  });

  test.each([...ownPages(), "API", "sign in", "Sign-out", "account", "invite", "new", "docs", "Health"])(
    "of “%s” doesn't hide one of our own pages",
    async (name) => {
      const page = name.toLowerCase().replace(/^\./, "").replace(" ", "-");
      expect(await slugFor(name)).toMatch(new RegExp(`^team-${page}(-[0-9a-f]{6})?$`));
    },
  );
});
