import { expect, test } from "vitest";
import { onShutdown, runShutdownHooks } from "@/lib/shutdown";

test("what was opened last is closed first, each once, and a failure keeps none from being closed", async () => {
  const closed: string[] = [];
  onShutdown(async () => void closed.push("database"));
  onShutdown(async () => {
    throw new Error("can't be closed");
  });
  onShutdown(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    closed.push("last uses");
  });
  expect(await runShutdownHooks()).toEqual([new Error("can't be closed")]);
  expect(closed).toEqual(["last uses", "database"]);
  expect(await runShutdownHooks()).toEqual([]);
  expect(closed).toHaveLength(2);
});
