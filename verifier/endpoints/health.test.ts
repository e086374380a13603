import { beforeEach, expect, test, vi } from "vitest";
import { healthPool, lookupPool } from "@/lib/verification/connections";
import { jsonOf, testVerifier } from "../testing/running-verifier.ts";

const verifier = testVerifier();
const query = vi.spyOn(healthPool, "query");
const ready = () => verifier.call("/api/health/ready");

/** What the tests before have left is over. */
beforeEach(() => new Promise((resolve) => setTimeout(resolve, 1_100)));

test("the database is asked once for all who want to know within a second whether requests can be answered", async () => {
  query.mockClear();
  const answers = await Promise.all(Array.from({ length: 500 }, ready));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { length: asked } = query.mock.calls;
  // On a slow machine the answers may take longer than the second.
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(20);
});

test("a database that goes away is noticed after a second", async () => {
  expect((await ready()).status).toBe(200);
  query.mockRejectedValue(new Error("connection refused"));
  await expect.poll(async () => (await ready()).status).toBe(503);
  expect(jsonOf(await ready())).toMatchObject({ status: "unavailable", checks: { database: "unreachable" } });
  query.mockRestore();
  await expect.poll(async () => (await ready()).status).toBe(200);
});

test("readiness and look-ups don't wait for each other's connections", async () => {
  const taken = await Promise.all(Array.from({ length: lookupPool.options.max ?? 0 }, () => lookupPool.connect()));
  try {
    expect((await ready()).status).toBe(200);
  } finally {
    for (const client of taken) client.release();
  }
});
