import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WriteBehind } from "@/lib/calls/write-behind";

type Count = { id: string; calls: number };

let written: Count[][];
let dropped: Count[];
/** Items that the next writes return for a retry. */
let failing: boolean;

const count = (id: string, calls = 1): Count => ({ id, calls });

function buffer(isDue?: (items: number, waitedMs: number) => boolean) {
  return new WriteBehind<Count>({
    capacity: 3,
    intervalMs: 1_000,
    ...(isDue && { isDue }),
    idOf: ({ id }) => id,
    merge: (into, from) => {
      into.calls += from.calls;
    },
    write: async (items) => {
      written.push(items);
      return failing ? items : [];
    },
    onDrop: (item) => dropped.push(item),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  [written, dropped, failing] = [[], [], false];
});
afterEach(() => vi.useRealTimers());

test("items are written together after the interval, and only once", async () => {
  const behind = buffer();
  behind.add("a", count("a"));
  await vi.advanceTimersByTimeAsync(900);
  behind.add("b", count("b"));
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(written).toEqual([[count("a"), count("b")]]);
  await vi.advanceTimersByTimeAsync(10_000);
  await behind.flush();
  expect(written).toHaveLength(1);
});

test("a pending item can be found and updated in place until it is being written", async () => {
  const behind = buffer();
  behind.add("a", count("a"));
  const found = behind.find("a") ?? expect.fail();
  found.calls++;
  await behind.flush();
  expect(written).toEqual([[count("a", 2)]]);
  expect(behind.find("a")).toBeUndefined();
});

test("items beyond the capacity are dropped, and new ones are accepted after a write", async () => {
  const behind = buffer();
  expect(["a", "b", "c", "d"].map((id) => behind.add(id, count(id)))).toEqual([true, true, true, false]);
  expect(dropped).toEqual([count("d")]);
  await behind.flush();
  expect(behind.add("d", count("d"))).toBe(true);
});

describe("an item whose write failed", () => {
  test("is retried automatically, together with later calls of the same id", async () => {
    const behind = buffer();
    failing = true;
    behind.add("a", count("a"));
    behind.add("b", count("b"));
    await behind.flush();
    failing = false;
    const pending = behind.find("a") ?? expect.fail();
    pending.calls += 5;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written.at(-1)).toEqual([count("a", 6), count("b")]);
  });

  test("is merged into a newer item with its id, and dropped if newer items have filled the buffer", async () => {
    let answer: (left: Count[]) => void = () => {};
    const behind = new WriteBehind<Count>({
      capacity: 2,
      intervalMs: 1_000,
      idOf: ({ id }) => id,
      merge: (into, from) => {
        into.calls += from.calls;
      },
      write: (items) => {
        written.push(items);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      onDrop: (item) => dropped.push(item),
    });
    behind.add("a", count("a"));
    behind.add("b", count("b"));
    const flushed = behind.flush();
    behind.add("a", count("a", 10));
    behind.add("c", count("c"));
    answer(written[0] ?? []);
    await flushed;
    expect([behind.find("a"), dropped]).toEqual([count("a", 11), [count("b")]]);
  });

  test("keeps counting towards the lag from when it was first added", async () => {
    const behind = buffer();
    failing = true;
    expect(behind.lagMs()).toBe(0);
    behind.add("a", count("a"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(behind.lagMs()).toBe(5_000);
    behind.add("b", count("b"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(behind.lagMs()).toBe(6_000);
    failing = false;
    await behind.flush();
    expect(behind.lagMs()).toBe(0);
  });
});

test("if a write isn't due yet, it is checked again after the next interval", async () => {
  const behind = buffer((items, waitedMs) => items < 2 || waitedMs >= 10_000);
  behind.add("a", count("a"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toHaveLength(1);
  for (const id of ["b", "c"]) behind.add(id, count(id));
  await vi.advanceTimersByTimeAsync(9_000);
  expect(written).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toHaveLength(2);
});

test("one write runs at a time, and a flush waits for earlier ones", async () => {
  let running = 0;
  const behind = new WriteBehind<Count>({
    capacity: 10,
    intervalMs: 1_000,
    idOf: ({ id }) => id,
    merge: () => {},
    write: async (items) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      running--;
      written.push(items);
      return [];
    },
    onDrop: () => {},
  });
  behind.add("a", count("a"));
  const first = behind.flush();
  behind.add("b", count("b"));
  const second = behind.flush();
  const third = behind.flush();
  await vi.advanceTimersByTimeAsync(7_000);
  await Promise.all([first, second, third]);
  expect(written).toEqual([[count("a")], [count("b")]]);
});
