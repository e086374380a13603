import fc from "fast-check";
import { expect, test } from "vitest";
import { asciiJson } from "@/lib/text/ascii-json";

test("any value survives, in ASCII", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
      const json = asciiJson([value, text]);
      expect(json).toMatch(/^[\x20-\x7f]*$/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text])));
    }),
  );
});

test("ASCII is left as it is, everything else is escaped by its UTF-16 units", () => {
  expect(asciiJson({ name: 'Zoë "Z" 🦊', ключ: null })).toBe(
    '{"name":"Zo\\u00eb \\"Z\\" \\ud83e\\udd8a","\\u043a\\u043b\\u044e\\u0447":null}',
  );
});
