import { describe, expect, test } from "vitest";
import { generateToken, hashToken, isWellFormedToken } from "@/lib/api-keys/token";

// Both computed with Python's zlib and hashlib, not with the code under test.
const KNOWN = `lk_pat_${"0123456789abcdef".repeat(4)}286c51e8`;
const KNOWN_SHA256 = "e2fe378d13e8d81c8da58bceaa7262899c5cee506a0732c24c0f57416e0bd884";
const CHECKSUM_WITH_LEADING_ZERO = `lk_key_${"0".repeat(62)}7200bef080`;

describe("a new token", () => {
  test.each([
    ["personal", /^lk_pat_[0-9a-f]{64}[0-9a-f]{8}$/],
    ["team", /^lk_key_[0-9a-f]{64}[0-9a-f]{8}$/],
  ] as const)("of a %s key is its prefix, 64 hex digits and the checksum", (kind, form) => {
    const { token } = generateToken(kind);
    expect(token).toMatch(form);
    expect(isWellFormedToken(token)).toBe(true);
  });

  test("never repeats", () => {
    const tokens = Array.from({ length: 1000 }, () => generateToken("personal").token);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test("is stored only as its hash, its start and its last four characters", () => {
    const { token, ...kept } = generateToken("personal");
    expect(kept).toEqual({
      tokenHash: hashToken(token),
      tokenStart: token.slice(0, 11),
      tokenLastFour: token.slice(-4),
    });
  });

  test("is hashed as a whole with SHA-256", () => {
    expect(hashToken(KNOWN).toString("hex")).toBe(KNOWN_SHA256);
  });
});

describe("the checksum", () => {
  test.each([KNOWN, CHECKSUM_WITH_LEADING_ZERO])("is the CRC-32 of all before it: %s", (token) => {
    expect(isWellFormedToken(token)).toBe(true);
  });

  test("detects every single wrong character", () => {
    for (let index = 0; index < KNOWN.length; index++) {
      const wrong = KNOWN[index] === "1" ? "2" : "1";
      expect(isWellFormedToken(KNOWN.slice(0, index) + wrong + KNOWN.slice(index + 1)), `at ${index}`).toBe(false);
    }
  });

  test("detects two transposed neighbors", () => {
    const swapped = KNOWN.replace("0123", "0213");
    expect(isWellFormedToken(swapped)).toBe(false);
  });
});

describe("what can't be a token", () => {
  test.each([
    ["nothing", ""],
    ["only a prefix", "lk_pat_"],
    ["one character short", KNOWN.slice(0, -1)],
    ["one character more", `${KNOWN}0`],
    ["capital digits", KNOWN.toUpperCase()],
    ["a line break at the end", `${KNOWN}\n`],
    ["a space before", ` ${KNOWN}`],
    ["no prefix", KNOWN.slice("lk_pat_".length)],
    ["a very long text", "a_".repeat(500_000)],
  ])("%s is refused", (_, text) => {
    expect(isWellFormedToken(text)).toBe(false);
  });

  test("a token from before TOKEN_PREFIX_PERSONAL was changed still can be", () => {
    expect(isWellFormedToken(`acme_live_${"ab".repeat(32)}f1310706`)).toBe(true);
  });
});
