import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { type LaunchedConsole, launchConsole } from "../scripts/launched-console.ts";
import { createFirstWorld } from "./testing/first-world.ts";
import { drawSeed, runSchedule, SEEN_BY_ANY_SCHEDULE } from "./testing/schedule.ts";
import type { World } from "./testing/world.ts";

const ENV = {
  DATABASE_URL: process.env.DATABASE_URL ?? "",
  AUTH_SECRET: "x".repeat(32),
  TRUSTED_PROXIES: "127.0.0.1,::1",
  LOG_LEVEL: "silent",
};

const databases = [new pg.Client(ENV.DATABASE_URL), new pg.Client(ENV.DATABASE_URL)];
// Stale answers come from data that is read before a change and arrives after it.
const slowWire = new DatabaseProxy(ENV.DATABASE_URL, 4);
const consoles: LaunchedConsole[] = [];
const seed = drawSeed();
let world: World;

// The first start may also have to build the console.
beforeAll(async () => {
  await Promise.all(databases.map((database) => database.connect()));
  world = await createFirstWorld(seed);
  await slowWire.open();
  for (const DATABASE_URL of [ENV.DATABASE_URL, slowWire.url]) {
    const console = await launchConsole({ env: { ...ENV, DATABASE_URL } });
    consoles.push(console);
    await console.ready();
  }
}, 180_000);

afterAll(async () => {
  for (const console of consoles) console.signal("SIGKILL", "group");
  await slowWire.cut();
  await Promise.all(databases.map((database) => database.end()));
});

test("two consoles and two verifiers never answer from before a change that was committed", {
  timeout: 120_000,
}, async () => {
  const instances = consoles.flatMap(({ url, verifierUrl }) => [url, verifierUrl]);
  const report = await runSchedule({ seed, instances, databases, world, changes: 250, bystanders: 6 });
  expect(report.wrong, `LATCHKEY_TEST_SEED=${seed}`).toEqual([]);
  expect([...report.codes].sort()).toEqual(SEEN_BY_ANY_SCHEDULE);
  // On a busy machine, lookups may time out: those don't count.
  expect(report.questions - report.unavailable).toBeGreaterThan(3_000);
});
