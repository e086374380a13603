import { encode } from "next-auth/jwt";
import { describe, expect, test } from "vitest";
import { sessionCookieName, sessionSecretFromCookie } from "@/lib/auth/session-cookie";

const SECRET = process.env.AUTH_SECRET ?? "";
const SID = "01890a5d-ac96-474b-bcce-b302099a8057";

const cookieWith = (claims: Record<string, unknown>, secret = SECRET, maxAge = 60) =>
  encode({ token: claims, secret, maxAge });

test("a cookie that we issued names its session", async () => {
  expect(await sessionSecretFromCookie(await cookieWith({ sid: SID }))).toBe(SID);
});

describe("a cookie is nobody's", () => {
  test.each([
    ["not there", undefined],
    ["empty", ""],
    ["garbage", "garbage"],
    ["the id itself", SID],
    ["five parts of garbage", "a.b.c.d.e"],
    [
      "an unsigned token",
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(`{"sid":"${SID}"}`).toString("base64url")}.`,
    ],
    ["a megabyte", "x".repeat(1_000_000)],
    ["NUL", "\0"],
  ])("when it is %s", async (_, cookie) => {
    expect(await sessionSecretFromCookie(cookie)).toBeNull();
  });

  test("when another secret made it", async () => {
    expect(await sessionSecretFromCookie(await cookieWith({ sid: SID }, `${SECRET}x`))).toBeNull();
  });

  test("when one character of it was changed", async () => {
    const cookie = await cookieWith({ sid: SID });
    const index = cookie.length - 30;
    const changed = cookie.slice(0, index) + (cookie[index] === "A" ? "B" : "A") + cookie.slice(index + 1);
    expect(await sessionSecretFromCookie(changed)).toBeNull();
  });

  test("when it is past its time", async () => {
    expect(await sessionSecretFromCookie(await cookieWith({ sid: SID }, SECRET, -3_600))).toBeNull();
  });

  test.each([{}, { sid: 1 }, { sid: null }, { sid: [SID] }, { sub: SID }])("when it says %j", async (claims) => {
    expect(await sessionSecretFromCookie(await cookieWith(claims))).toBeNull();
  });

  test("when there is no secret to read it with", async () => {
    const cookie = await cookieWith({ sid: SID });
    delete process.env.AUTH_SECRET;
    expect(await sessionSecretFromCookie(cookie)).toBeNull();
    process.env.AUTH_SECRET = SECRET;
  });
});

test("on plain http its name has no prefix, which browsers would refuse", () => {
  expect(sessionCookieName()).toBe("latchkey.session");
});
