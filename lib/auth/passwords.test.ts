import { describe, expect, test } from "vitest";
import { checkNewPassword, hashPassword, isPasswordRight } from "@/lib/auth/passwords";
import { AppError } from "@/lib/errors";

const EMAIL = "ada@example.com";

describe("a new password", () => {
  test.each([
    ["eight characters", "kq7!Vz2m"],
    ["128 characters", "correct horse battery ".repeat(7).slice(0, 128)],
    ["any letters", "пароль из многих слов"],
    ["spaces", "  eight  "],
    ["no digits and no signs", "xylophonemuskrat"],
  ])("may have %s", (_, password) => {
    expect(() => checkNewPassword(password, EMAIL)).not.toThrow();
  });

  test.each([
    ["seven characters", "kq7!Vz2", /at least 8/],
    ["nothing in it", "", /at least 8/],
    ["129 characters", "x1Y".repeat(43), /at most 128/],
    ["a megabyte", "x".repeat(1_000_000), /at most 128/],
    ["a lone surrogate", "kq7!Vz2m\ud800", /invalid character/],
    ["NUL", "kq7!Vz2m\0", /invalid character/],
    ["the place of a common one", "password", /common/],
    ["the place of a common one in other case", "PassWord1", /common/],
    ["the place of a common one of digits", "12345678", /common/],
    ["the account's own address", "Ada@Example.com", /email/],
  ])("may not have %s, and its field says why", (_, password, reason) => {
    const error = refusalOf(password);
    expect(error.code).toBe("invalid");
    expect(error.message).toMatch(reason);
    expect(error.fields).toEqual({ password: error.message });
    expect(error.message).not.toContain("kq7!Vz2m");
  });

  test("is refused for each of the three thousand most common ones that are long enough", async () => {
    const { dictionary } = await import("@zxcvbn-ts/language-common");
    const common = dictionary["passwords-common"]
      .slice(0, 3_000)
      .map(String)
      .filter((password) => password.length >= 8);
    expect(common.length).toBeGreaterThan(300);
    for (const password of common) expect(() => checkNewPassword(password, EMAIL), password).toThrow(/common/);
  });
});

function refusalOf(password: string): AppError {
  try {
    checkNewPassword(password, EMAIL);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  return expect.fail("was not refused");
}

describe("a kept password", () => {
  test("is an argon2id hash of at least OWASP's strength, salted", async () => {
    const [one, two] = [await hashPassword("kq7!Vz2m"), await hashPassword("kq7!Vz2m")];
    const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(one) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19 * 1024);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(one).not.toBe(two);
  });

  test("fits itself and nothing else", async () => {
    const hash = await hashPassword("kq7!Vz2m");
    expect(await isPasswordRight("kq7!Vz2m", hash)).toBe(true);
    for (const wrong of ["kq7!Vz2", "kq7!Vz2m ", "KQ7!VZ2M", "", "kq7!Vz2m\0"]) {
      expect(await isPasswordRight(wrong, hash), wrong).toBe(false);
    }
  });

  test("counts every one of its characters, also beyond the 72nd byte", async () => {
    const long = "a".repeat(72);
    const hash = await hashPassword(`${long}1`);
    expect(await isPasswordRight(`${long}1`, hash)).toBe(true);
    expect(await isPasswordRight(`${long}2`, hash)).toBe(false);
    expect(await isPasswordRight(long, hash)).toBe(false);
  });

  test("of 128 characters isn't fitted by a longer one that begins with it", async () => {
    const longest = "correct horse battery ".repeat(7).slice(0, 128);
    const hash = await hashPassword(longest);
    expect(await isPasswordRight(longest, hash)).toBe(true);
    expect(await isPasswordRight(`${longest}x`, hash)).toBe(false);
  });

  test.each([null, undefined, ""])(
    "that isn't there (%j) is fitted by nothing, not even by the decoy's password",
    async (hash) => {
      for (const password of ["", "null", "no account has this password"]) {
        expect(await isPasswordRight(password, hash)).toBe(false);
      }
    },
  );

  test("that isn't there takes as long to compare as a wrong one", async () => {
    const hash = await hashPassword("kq7!Vz2m");
    const duration = async (kept: string | null) => {
      const started = performance.now();
      await isPasswordRight("wrong password", kept, "known");
      return performance.now() - started;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 9; round++) {
      known.push(await duration(hash));
      unknown.push(await duration(null));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[4] ?? 0;
    expect(median(unknown)).toBeGreaterThan(median(known) / 3);
  });
});
