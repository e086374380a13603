import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { countFailedAttempt } from "@/lib/verification/failed-attempts";

const ALLOWED = 300;
const NOW = 1_750_000_000_000;

/** Unique per test, so that no test counts another's attempts. */
const newAddress = () => `203.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const newNetwork = () => `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;

/** Makes this many attempts from the address, or from several in turn. Returns the last one's seconds to wait. */
function attempt(count: number, from: string | null | ((number: number) => string), now = NOW): number | null {
  let wait: number | null = null;
  for (let number = 0; number < count; number++) {
    wait = countFailedAttempt(typeof from === "function" ? from(number) : from, now);
  }
  return wait;
}

describe("failed attempts from one address", () => {
  test(`are not throttled up to ${ALLOWED} in a minute, and are beyond that`, () => {
    const address = newAddress();
    expect(attempt(ALLOWED, address)).toBeNull();
    expect(attempt(1, address)).toBe(60);
    expect(attempt(50, address)).toBe(60);
  });

  test("get the seconds until the minute is over, at least one, and start again from zero then", () => {
    const address = newAddress();
    attempt(ALLOWED + 1, address);
    expect(attempt(1, address, NOW + 20_000)).toBe(40);
    expect(attempt(1, address, NOW + 59_999)).toBe(1);
    expect(attempt(1, address, NOW + 60_000)).toBeNull();
    expect(attempt(ALLOWED, address, NOW + 60_001)).toBe(60);
  });

  test("don't count for another address", () => {
    attempt(ALLOWED + 1, newAddress());
    expect(attempt(1, newAddress())).toBeNull();
  });

  test("that is unknown count together", () => {
    expect(attempt(ALLOWED, null)).toBeNull();
    expect(attempt(1, "unknown")).toBe(60);
  });
});

describe("failed attempts over IPv6", () => {
  test("count together within a /64, which is one subscriber's", () => {
    const network = newNetwork();
    expect(attempt(ALLOWED, (number) => `${network}::${number.toString(16)}`)).toBeNull();
    expect(attempt(1, `${network}:ffff:ffff:ffff:ffff`)).toBe(60);
  });

  test("don't count for the next /64", () => {
    const network = `2001:db8:${randomInt(65_536).toString(16)}`;
    attempt(ALLOWED + 1, `${network}:1::1`);
    expect(attempt(1, `${network}:2::1`)).toBeNull();
  });
});

test("beyond fifty thousand addresses, the least recently used are evicted", () => {
  const [quiet, loud] = [newAddress(), newAddress()];
  for (const address of [quiet, loud]) attempt(ALLOWED + 1, address);
  for (let number = 0; number < 50_001; number++) {
    countFailedAttempt(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, NOW);
    if (number % 10_000 === 0) countFailedAttempt(loud, NOW);
  }
  expect([attempt(1, quiet), attempt(1, loud)]).toEqual([null, 60]);
});
