import { createHash, randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyCache } from "@/lib/verification/key-cache";
import { type Holder, type KeyGrant, ownJsonOf, VerifiedKey } from "@/lib/verification/verified-key";

const ROOM = 131_072;

const holder = { team: { id: randomUUID(), slug: "acme", name: "Acme" } } as Holder;
const grant: KeyGrant = { kind: "personal", scopes: ["events.read"], resource: null, allowedIps: [] };
const hashOf = (value: unknown) => createHash("sha256").update(String(value)).digest("binary");
const keyNamed = (name: string) =>
  new VerifiedKey(ownJsonOf(randomUUID(), name, "lk_abcd", "1234"), grant, 1, Number.NaN, 3, holder);

describe("a key that is kept", () => {
  test("comes back as the last one that was kept under its hash, whatever else is kept, also under hashes that begin alike", () => {
    const beginning = fc.constantFrom(
      "\u0000\u0000\u0000\u0000",
      "\u0001\u0000\u0004\u0000",
      "\u00ff\u00ff\u00ff\u00ff",
    );
    const hash = fc
      .tuple(beginning, fc.constantFrom("a", "b", "c"))
      .map(([start, end]) => `${start}${"x".repeat(11)}${end}${"x".repeat(16)}`);
    const instant = fc.constantFrom(Number.NaN, 0, 1_795_295_520_123, -1);
    const name = fc.option(
      fc.oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.constantFrom('a","prefix":"b', "\\")),
    );
    const key = fc
      .record({ name, createdAt: instant, expiresAt: instant, revokedAt: instant })
      .map(({ name, createdAt, expiresAt, revokedAt }) => {
        const ownJson = ownJsonOf(randomUUID(), name, "lk_abcd", "1234");
        return new VerifiedKey(ownJson, { ...grant }, createdAt, expiresAt, revokedAt, { ...holder });
      });
    const step = fc.tuple(hash, key);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(hash, { maxLength: 5 }), (steps, asked) => {
        const cache = new KeyCache();
        const model = new Map<string, VerifiedKey>();
        for (const [hash, key] of steps) {
          cache.set(hash, key);
          model.set(hash, key);
        }
        for (const hash of [...model.keys(), ...asked]) {
          const [found, expected] = [cache.get(hash), model.get(hash)];
          expect(found).toEqual(expected);
          expect([found?.grant, found?.holder]).toStrictEqual([expected?.grant, expected?.holder]);
          expect([found?.id, found?.name]).toEqual([expected?.id, expected?.name]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is not kept with a text so long that others would lose their room", () => {
    const cache = new KeyCache();
    cache.set(hashOf(1), keyNamed("x".repeat(2_000)));
    expect(cache.get(hashOf(1))).toBeUndefined();
  });

  test("is forgotten with all others when there is no more room, and the next ones are kept again", () => {
    const cache = new KeyCache();
    for (let number = 0; number < ROOM; number++) cache.set(hashOf(number), keyNamed("one of many"));
    expect(cache.get(hashOf(0))?.name).toBe("one of many");
    cache.set(hashOf("one more"), keyNamed("one more"));
    expect(cache.get(hashOf(0))).toBeUndefined();
    expect(cache.get(hashOf("one more"))?.name).toBe("one more");
  });

  test("is forgotten when others were kept with ever new holders, which each stay for as long as a key may be theirs", () => {
    const cache = new KeyCache();
    cache.set(hashOf("one"), keyNamed("one"));
    const { ownJson } = keyNamed("another");
    const holders = Array.from({ length: 60_000 }, (_, number) => ({ ...holder, accessVersion: String(number) }));
    for (const each of holders) cache.set(hashOf("another"), new VerifiedKey(ownJson, grant, 1, 2, 3, each));
    expect(cache.get(hashOf("one"))).toBeUndefined();
    expect(cache.get(hashOf("another"))?.holder).toBe(holders.at(-1));
  });

  test("with names that outgrow the room for texts, all are forgotten rather than one written over another", () => {
    const cache = new KeyCache();
    for (let number = 0; number < 50_000; number++)
      cache.set(hashOf(number), keyNamed(`${number} ${"x".repeat(850)}ü`));
    const found = Array.from({ length: 50_000 }, (_, number) => cache.get(hashOf(number))?.name);
    expect(found.at(-1)).toMatch(/^49999 x{850}ü$/);
    expect(found.every((name, number) => !name || name === `${number} ${"x".repeat(850)}ü`)).toBe(true);
    expect(found[0]).toBeUndefined();
  });
});
