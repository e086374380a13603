import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareDataDir } from "./data-dir.ts";
import { lockDataDir, tryLockDataDir } from "./data-dir-lock.ts";
import { startTimeOf } from "./process-identity.ts";

let dataDir = "";

beforeEach(() => {
  dataDir = prepareDataDir(join(tmpdir(), `latchkey-lock-${randomUUID()}`));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function leaveLockOf(pid: number, startTime: string | undefined): void {
  writeFileSync(join(dataDir, "lock"), JSON.stringify({ pid, startTime, command: "start" }));
}

test("of ten at once one gets the lock, and the next when it is released", async () => {
  const attempts = await Promise.all(Array.from({ length: 10 }, () => tryLockDataDir(dataDir, 0)));
  const [lock, ...others] = attempts.filter((attempt) => attempt !== undefined);
  expect(others).toEqual([]);
  const waiting = tryLockDataDir(dataDir, 2_000);
  lock?.release();
  expect(await waiting).toBeDefined();
  expect(readdirSync(dataDir)).toEqual(["lock"]);
});

test("who holds the lock is named, with what to do", async () => {
  leaveLockOf(process.pid, startTimeOf(process.pid));
  await expect(lockDataDir(dataDir, 0)).rejects.toThrow(
    `in use by process ${process.pid} (npm run start): stop that one first, or set DATA_DIR`,
  );
  expect(existsSync(join(dataDir, "lock"))).toBe(true);
});

test.each([
  ["a process that is gone", 2 ** 22 + 1, "1"],
  ["a process whose number another has now", process.pid, "1"],
])("the lock of %s counts for nothing", async (_, pid, startTime) => {
  leaveLockOf(pid, startTime);
  expect(await tryLockDataDir(dataDir, 0)).toBeDefined();
});
