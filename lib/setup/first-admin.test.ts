import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL;
const INPUT = { email: "ada@example.com", password: "kq7!Vz2m and more", teamName: "Acme" };
const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

const NEW_BROWSER = { previousSecret: null };

let scratch: ScratchDatabase;

beforeEach(async () => {
  scratch = await createScratchDatabase();
  process.env.DATABASE_URL = scratch.url;
});

afterEach(async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  await runShutdownHooks();
  for (const name of ["ADMIN_EMAIL", "ADMIN_PASSWORD", "ADMIN_TEAM"]) delete process.env[name];
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});

/** Fresh modules, as in a process started with these variables on the empty database. */
async function startedWith(variables: Record<string, string> = {}) {
  Object.assign(process.env, variables);
  Reflect.deleteProperty(globalThis, Symbol.for("latchkey.database"));
  vi.resetModules();
  return {
    ...(await import("@/lib/setup/create-first-admin")),
    ...(await import("@/lib/setup/prepare-first-admin")),
    ...(await import("@/lib/auth/sign-in")),
    ...(await import("@/lib/env")),
    ...(await import("@/lib/testing/expect-app-error")),
    ...(await import("@/lib/testing/database-search")),
    ...(await import("@/lib/database/db")),
  };
}

const codeIn = (url: string | undefined) => new URL(url ?? "").searchParams.get("code") ?? "";

describe("the link that the first start prints", () => {
  test("makes the first user the Admin of a team, who can sign in", async () => {
    const { prepareFirstAdmin, setUpWithCode, signIn, db } = await startedWith();
    const code = codeIn((await prepareFirstAdmin()).setupUrl);
    await setUpWithCode(code, INPUT, CONTEXT);
    const [member, ...others] = await db.member.findMany({ include: { user: true, role: true, team: true } });
    expect(others).toEqual([]);
    expect(member).toMatchObject({
      user: { email: INPUT.email },
      role: { name: "Admin" },
      team: { name: "Acme", slug: "acme" },
    });
    expect(await signIn(INPUT, CONTEXT, NEW_BROWSER)).toMatchObject({ status: "signed_in" });
    expect(await db.auditEntry.findFirst({ where: { action: "team.created" } })).toMatchObject({
      actorId: member?.userId,
      targetId: member?.teamId,
      ...CONTEXT,
    });
  });

  test("is dead once it was used, and there is no other", async () => {
    const { prepareFirstAdmin, setUpWithCode, isSetupOpen, expectAppError, db } = await startedWith();
    const [code, second] = [codeIn((await prepareFirstAdmin()).setupUrl), codeIn((await prepareFirstAdmin()).setupUrl)];
    expect(await isSetupOpen(second)).toBe(true);
    await setUpWithCode(code, INPUT, CONTEXT);
    for (const spent of [code, second]) {
      expect(await isSetupOpen(spent)).toBe(false);
      await expectAppError(setUpWithCode(spent, { ...INPUT, email: "eve@example.com" }, CONTEXT), "not_found");
    }
    expect(await prepareFirstAdmin()).toEqual({});
    expect(await db.user.count()).toBe(1);
  });

  test("is dead as well when it was printed by a console that started while the first user was made", async () => {
    const { prepareFirstAdmin, setUpWithCode, setupCodeHash, isSetupOpen, expectAppError, db } = await startedWith();
    await setUpWithCode(codeIn((await prepareFirstAdmin()).setupUrl), INPUT, CONTEXT);
    await db.setupCode.create({ data: { codeHash: setupCodeHash("late") } });
    expect(await isSetupOpen("late")).toBe(false);
    await expectAppError(setUpWithCode("late", { ...INPUT, email: "eve@example.com" }, CONTEXT), "not_found");
  });

  test("used twice at once makes exactly one admin", async () => {
    const { prepareFirstAdmin, setUpWithCode, db } = await startedWith();
    const code = codeIn((await prepareFirstAdmin()).setupUrl);
    const attempts = ["ada@example.com", "eve@example.com"].map((email) =>
      setUpWithCode(code, { ...INPUT, email }, CONTEXT),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.map((result) => (result.status === "fulfilled" ? "done" : result.reason.code)).sort()).toEqual([
      "done",
      "not_found",
    ]);
    expect([await db.user.count(), await db.team.count()]).toEqual([1, 1]);
  });

  test("is kept as a hash only, and good for a day", async () => {
    const { prepareFirstAdmin, isSetupOpen, tablesContaining, setupCodeHash, db } = await startedWith();
    const code = codeIn((await prepareFirstAdmin()).setupUrl);
    expect(code.length).toBeGreaterThanOrEqual(22);
    expect(await tablesContaining(code)).toEqual([]);
    expect(await tablesContaining(Buffer.from(code).toString("hex"))).toEqual([]);
    expect(await tablesContaining(setupCodeHash(code).toString("hex"))).toEqual(["setup_codes"]);
    const codeHash = setupCodeHash(code);
    await db.setupCode.deleteMany();
    await db.setupCode.create({ data: { codeHash, createdAt: new Date(Date.now() - 24 * 3_600_000) } });
    expect(await isSetupOpen(code)).toBe(false);
  });

  test("can't be guessed with anything else", async () => {
    const { prepareFirstAdmin, isSetupOpen, setUpWithCode, expectAppError, db } = await startedWith();
    const code = codeIn((await prepareFirstAdmin()).setupUrl);
    for (const wrong of [
      "",
      "x",
      `${code}x`,
      code.slice(1),
      [code],
      { not: "" },
      null,
      undefined,
      "\0",
      "x".repeat(1_000_000),
    ]) {
      expect(await isSetupOpen(wrong)).toBe(false);
    }
    await expectAppError(setUpWithCode("x", INPUT, CONTEXT), "not_found");
    expect(await db.user.count()).toBe(0);
  });

  test("survives a weak password, which makes nothing", async () => {
    const { prepareFirstAdmin, isSetupOpen, setUpWithCode, expectAppError, db } = await startedWith();
    const code = codeIn((await prepareFirstAdmin()).setupUrl);
    const error = await expectAppError(setUpWithCode(code, { ...INPUT, password: "password1" }, CONTEXT), "invalid");
    expect(error.fields.password).toContain("common");
    expect(await isSetupOpen(code)).toBe(true);
    expect([await db.user.count(), await db.team.count()]).toEqual([0, 0]);
  });
});

describe("ADMIN_EMAIL and ADMIN_PASSWORD", () => {
  const ADMIN = { ADMIN_EMAIL: "Ada@Example.com", ADMIN_PASSWORD: INPUT.password, ADMIN_TEAM: "Acme" };

  test("make the first admin at start, without a link, and once", async () => {
    const { prepareFirstAdmin, signIn, db } = await startedWith(ADMIN);
    expect(await prepareFirstAdmin()).toEqual({ created: "ada@example.com" });
    expect(await prepareFirstAdmin()).toEqual({});
    expect(await signIn(INPUT, CONTEXT, NEW_BROWSER)).toMatchObject({ status: "signed_in" });
    expect([await db.user.count(), await db.setupCode.count()]).toEqual([1, 0]);
  });

  test("make one admin when two consoles start at once", async () => {
    const { prepareFirstAdmin, db } = await startedWith(ADMIN);
    const results = await Promise.all([prepareFirstAdmin(), prepareFirstAdmin()]);
    expect(results).toEqual(expect.arrayContaining([{ created: "ada@example.com" }, {}]));
    expect([await db.user.count(), await db.team.count()]).toEqual([1, 1]);
  });

  test.each([
    [{ ...ADMIN, ADMIN_PASSWORD: "short" }, /^ADMIN_PASSWORD .*8 characters/],
    [{ ...ADMIN, ADMIN_PASSWORD: "password1" }, /^ADMIN_PASSWORD .*common/],
    [{ ...ADMIN, ADMIN_PASSWORD: "x".repeat(129) }, /^ADMIN_PASSWORD .*128 characters/],
    [{ ...ADMIN, ADMIN_TEAM: "a\nb" }, /^ADMIN_TEAM /],
    [{ ...ADMIN, ADMIN_TEAM: "   " }, /^ADMIN_TEAM /],
    [{ ...ADMIN, ADMIN_EMAIL: "ada" }, /^ADMIN_EMAIL /],
  ])("that can't be used stop the start with a sentence that names the variable: %j", async (variables, sentence) => {
    const { prepareFirstAdmin, EnvError, db } = await startedWith(variables);
    const error = await prepareFirstAdmin().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvError);
    expect((error as Error).message).toMatch(sentence);
    expect((error as Error).message).not.toContain(variables.ADMIN_PASSWORD);
    expect(await db.user.count()).toBe(0);
  });
});
