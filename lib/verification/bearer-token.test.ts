import { expect, test } from "vitest";
import { presentedToken } from "@/lib/verification/bearer-token";

const TOKEN = `lk_pat_${"a1".repeat(36)}`;

test.each([
  ["as RFC 6750 writes it", `Bearer ${TOKEN}`],
  ["in lower case", `bearer ${TOKEN}`],
  ["in capitals", `BEARER ${TOKEN}`],
  ["after several spaces", `Bearer   ${TOKEN}`],
  ["with spaces behind it", `Bearer ${TOKEN}  `],
])("a token is read %s", (_, header) => {
  expect(presentedToken(header)).toEqual({ kind: "token", token: TOKEN });
});

test.each(["abc", "a-._~+/Z09", "abc=", "abc=="])("every token of RFC 6750's grammar is read: %s", (token) => {
  expect(presentedToken(`Bearer ${token}`)).toEqual({ kind: "token", token });
});

test.each([
  ["no header", null],
  ["an empty one", ""],
  ["Basic", `Basic ${Buffer.from(`id:${TOKEN}`).toString("base64")}`],
  ["Digest", 'Digest username="x"'],
  ["DPoP", `DPoP ${TOKEN}`],
  ["a scheme that only begins alike", `BearerX ${TOKEN}`],
  ["the token on its own", TOKEN],
  ["a word of another scheme that is like Bearer", 'Digest realm="x, bearerish"'],
])("%s presents nothing", (_, header) => {
  expect(presentedToken(header)).toEqual({ kind: "none" });
});

test.each([
  ["the scheme alone", "Bearer"],
  ["the scheme and a space", "Bearer "],
  ["two headers, which arrive joined", `Bearer ${TOKEN}, Bearer ${TOKEN}`],
  ["two tokens in one", `Bearer ${TOKEN} ${TOKEN}`],
  ["two tokens and a comma", `Bearer ${TOKEN},${TOKEN}`],
  ["a token and then Basic", `Bearer ${TOKEN}, Basic eDp5`],
  ["quotes", `Bearer "${TOKEN}"`],
  ["a tab", `Bearer\t${TOKEN}`],
  ["padding in the middle", "Bearer ab=cd"],
  ["only padding", "Bearer =="],
  ["parameters", `Bearer token=${TOKEN}`],
  ["a letter that isn't ASCII", "Bearer töken"],
  ["NUL", `Bearer ${TOKEN}\0`],
  ["Basic and then a token", `Basic eDp5, Bearer ${TOKEN}`],
  ["nothing and then a token", `, bearer ${TOKEN}`],
  ["another scheme and then a token, in any case and spacing", `Digest a="b",BEARER ${TOKEN}`],
])("%s is malformed", (_, header) => {
  expect(presentedToken(header)).toEqual({ kind: "malformed" });
});
