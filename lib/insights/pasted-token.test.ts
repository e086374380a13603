import { describe, expect, it } from "vitest";
import { generateToken, hashToken } from "@/lib/api-keys/token";
import { readPasted, sha256Hex } from "@/lib/insights/pasted-token";

describe("what somebody pasted", () => {
  it("is a token when its checksum fits, whatever it was copied with", () => {
    const { token } = generateToken("team");
    const copies = [
      token,
      ` ${token}\n`,
      `Bearer ${token}`,
      `authorization: bearer ${token}`,
      `"${token}",`,
      `'${token}'`,
    ];
    for (const copy of copies) expect(readPasted(copy), copy).toEqual({ kind: "token", token });
  });

  it("is mistyped when one character differs, wherever", () => {
    const { token } = generateToken("personal");
    for (const place of [0, 8, 40, token.length - 1]) {
      const other = token[place] === "a" ? "b" : "a";
      expect(readPasted(token.slice(0, place) + other + token.slice(place + 1)), String(place)).toEqual({
        kind: "mistyped",
      });
    }
  });

  it("is incomplete when a part is missing or something stands around it, and so is never sent", () => {
    const { token } = generateToken("personal");
    const parts = [token.slice(0, -1), token.slice(0, 40), token.slice(token.indexOf("_", 4) + 1), `${token}0`];
    for (const part of [...parts, `my key is ${token}`, token.toUpperCase()]) {
      expect(readPasted(part), part).toEqual({ kind: "incomplete" });
    }
  });

  it("is a text when it is a request id, a name, a prefix or nothing secret", () => {
    const texts = ["req-1", "0f8fad5b-d9cb-469f-a165-70867728950e", "lk_pat_a1b2", "lk_pat_a1b2…9f3c", "API gateway"];
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (const text of [...texts, traceId]) expect(readPasted(` ${text} `)).toEqual({ kind: "text", text });
    expect(readPasted("  ")).toEqual({ kind: "nothing" });
  });

  it("is hashed as the server hashes it", async () => {
    const { token } = generateToken("personal");
    expect(await sha256Hex(token)).toBe(hashToken(token).toString("hex"));
  });
});
