import { describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { withoutSecret } from "@/lib/api-keys/token-shape";

describe("a text with a token in it", () => {
  const { token, tokenStart } = generateToken("personal");

  test.each([
    ["alone", "", ""],
    ["after Bearer", "Authorization: Bearer ", ""],
    ["in quotes", '"', '"'],
    ["in a URL", "/api?token=", "&x=1"],
    ["in a URL with the space of Bearer escaped", "/api?authorization=Bearer%20", ""],
    ["in JSON within JSON", '{\\"token\\":\\"', '\\"}'],
    ["after a line break that JSON escaped", "line\\n", ""],
    ["after a digit", "1", ""],
    ["after an underscore", "token_", ""],
    ["after a long word", "x".repeat(60), ""],
    ["between others", `${token} `, ` ${token}`],
    ["before more hexadecimal", "", "0123"],
  ])("%s keeps no more of it than its start", (_, before, after) => {
    const safe = withoutSecret(before + token + after);
    expect(safe).toContain(tokenStart);
    expect(safe).not.toContain(token.slice(tokenStart.length, tokenStart.length + 4));
    expect(safe).not.toContain(token.slice(-24));
  });

  test("in capitals, or cut short, is still cut", () => {
    expect(withoutSecret(token.toUpperCase())).toBe(tokenStart.toUpperCase());
    expect(withoutSecret(token.slice(0, 40))).toBe(tokenStart);
  });

  test("with its underscores escaped, as a path may have them, is cut too", () => {
    const escaped = token.replaceAll("_", "%5F");
    expect(withoutSecret(`/acme/${escaped}?x`)).toBe(`/acme/${tokenStart.replaceAll("_", "%5F")}?x`);
    expect(withoutSecret(`/${escaped.toLowerCase()}`)).toBe(`/${tokenStart.replaceAll("_", "%5f")}`);
  });

  test("with its underscores escaped again and again is cut as well", () => {
    for (const underscore of ["%255F", "%25255f"]) {
      const escaped = token.replaceAll("_", underscore);
      expect(withoutSecret(`/acme/${escaped}`)).toBe(`/acme/${tokenStart.replaceAll("_", underscore)}`);
    }
  });

  test("of a team, or of another prefix of up to 24 characters, is cut too", () => {
    const team = generateToken("team");
    expect(withoutSecret(team.token)).toBe(team.tokenStart);
    const prefix = `${"a_longer_prefix_of_ours"}_`;
    expect(prefix).toHaveLength(24);
    expect(withoutSecret(`${prefix}${"0a".repeat(36)}`)).toBe(`${prefix}0a0a`);
  });
});

test.each([
  "lk_pat_ab12",
  "lk_pat_ab12…9f3c",
  "01890a5d-ac96-774b-bcce-b302099a8057",
  "a snake_case_name with words",
  "sha256:0123456789abcdef0123456789abcdef",
  "GET /acme/settings/api-keys?q=lk_pat_ab12",
])("“%s” is left as it is", (text) => {
  expect(withoutSecret(text)).toBe(text);
});

test("a long text crafted to slow down the pattern is processed quickly", () => {
  const started = performance.now();
  withoutSecret("a_".repeat(50_000) + "a_0123".repeat(10_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});
