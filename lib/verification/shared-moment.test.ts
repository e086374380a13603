import { expect, test } from "vitest";
import { sharedMoment } from "@/lib/verification/shared-moment";

test("all that wait go on when the moment has come, and who asks later waits for the next", async () => {
  const scheduled: (() => void)[] = [];
  const moment = sharedMoment((come) => scheduled.push(come));
  const told: string[] = [];
  const wait = async (name: string) => {
    await moment();
    told.push(name);
  };
  const first = [wait("a"), wait("b")];
  expect([scheduled.length, told]).toEqual([1, []]);
  scheduled[0]?.();
  const later = wait("c");
  await Promise.all(first);
  expect([scheduled.length, told]).toEqual([2, ["a", "b"]]);
  scheduled[1]?.();
  await later;
  expect(told).toEqual(["a", "b", "c"]);
});
