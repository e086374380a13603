import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PgBouncer, startPgBouncer } from "@/lib/testing/pgbouncer";
import { type LaunchedVerifier, launchVerifier } from "../scripts/launched-verifier.ts";
import { createFirstWorld } from "./testing/first-world.ts";
import { drawSeed, runSchedule, SEEN_BY_ANY_SCHEDULE } from "./testing/schedule.ts";

const databases = [new pg.Client(process.env.DATABASE_URL), new pg.Client(process.env.DATABASE_URL)];
const verifiers: LaunchedVerifier[] = [];
let pgBouncer: PgBouncer;

beforeAll(async () => {
  await Promise.all(databases.map((database) => database.connect()));
  pgBouncer = await startPgBouncer(process.env.TEST_VERIFIER_DATABASE_URL ?? "");
  const env = { DATABASE_URL: pgBouncer.url, TRUSTED_PROXIES: "127.0.0.1,::1", LOG_LEVEL: "warn" };
  verifiers.push(await launchVerifier({ env }), await launchVerifier({ env }));
  await Promise.all(verifiers.map((verifier) => verifier.ready()));
}, 120_000);

afterAll(async () => {
  for (const verifier of verifiers) verifier.signal("SIGKILL", "group");
  await pgBouncer?.stop();
  await Promise.all(databases.map((database) => database.end()));
});

test("behind PgBouncer in transaction mode two verifiers never answer from before a change, nor fail to answer", {
  timeout: 120_000,
}, async () => {
  const seed = drawSeed();
  const world = await createFirstWorld(seed);
  const instances = verifiers.map(({ url }) => url);
  const report = await runSchedule({ seed, instances, databases, world, changes: 200, bystanders: 6 });
  expect(report.wrong, `LATCHKEY_TEST_SEED=${seed}`).toEqual([]);
  expect(report.unavailable).toBe(0);
  expect([...report.codes].sort()).toEqual(SEEN_BY_ANY_SCHEDULE);
  expect(report.questions).toBeGreaterThan(3_000);
  // No lookup or flush used a prepared statement that its connection lacks.
  expect(verifiers.map((verifier) => verifier.output()).join("")).not.toMatch(/"level":|prepared statement/);
});
