import { describe, expect, test } from "vitest";
import { db } from "@/lib/db";
import { inAnotherProcess } from "@/lib/testing/another-process";
import { countsOf, isThere, keyIds, newJournal, secondOf, takeOverAbandoned } from "@/lib/testing/journalled-calls";
import { countAbandonedCalls } from "@/lib/calls/take-over-journals";

describe("a journal whose process is gone", () => {
  test("is counted by another, once, from where it was left", async () => {
    const ids = keyIds();
    const killed = newJournal();
    for (let second = 1; second <= 5; second++) {
      await killed.append(secondOf(ids, second));
      await killed.countSome();
    }
    const { id } = killed;
    await takeOverAbandoned();
    expect(await countsOf(ids)).toEqual([5]);
    expect(await isThere(id)).toBe(false);
  });

  test("is counted once also when two others come at the same time", async () => {
    const ids = keyIds();
    const killed = newJournal();
    for (let second = 1; second <= 3; second++) await killed.append(secondOf(ids, second));
    const other = await inAnotherProcess(() => import("@/lib/calls/take-over-journals"));
    const both = async () => void (await Promise.all([countAbandonedCalls(), other.countAbandonedCalls()]));
    await takeOverAbandoned(both);
    await expect.poll(() => isThere(killed.id)).toBe(false);
    expect(await countsOf(ids)).toEqual([3]);
  });

  test("isn't taken for that while its process goes on, however slowly it counts", async () => {
    const ids = keyIds();
    const journal = newJournal();
    await journal.append(secondOf(ids, 1));
    const { id } = journal;
    for (let second = 2; second <= 4; second++) {
      await countAbandonedCalls();
      await journal.append(secondOf(ids, second));
    }
    expect(journal.id).toBe(id);
    await journal.countAll();
    expect(await countsOf(ids)).toEqual([4]);
  });

  test("may come back to life: what was counted meanwhile isn't counted again, and it begins another", async () => {
    const ids = keyIds();
    const stalled = newJournal();
    await stalled.append(secondOf(ids, 1));
    const { id } = stalled;
    await takeOverAbandoned();
    expect(await countsOf(ids)).toEqual([1]);
    await stalled.append(secondOf(ids, 2));
    expect(stalled.id).not.toBe(id);
    await stalled.countAll();
    expect(await countsOf(ids)).toEqual([2]);
  });

  test("may come back to life as it is about to count: it leaves that to who has taken it over", async () => {
    const ids = keyIds();
    const stalled = newJournal();
    await stalled.append(secondOf(ids, 1));
    await takeOverAbandoned();
    await stalled.countSome();
    await stalled.countAll();
    expect(await countsOf(ids)).toEqual([1]);
    expect(stalled.isEmpty).toBe(true);
  });

  test("of another version is left for that, and the others are counted", async () => {
    const [ids, others] = [keyIds(), keyIds()];
    const [foreign, killed] = [newJournal(), newJournal()];
    await foreign.append(secondOf(ids, 1));
    await killed.append(secondOf(others, 1));
    const { id: journalId } = foreign;
    await db.callJournal.update({ where: { id: journalId }, data: { layout: 999 } });
    await takeOverAbandoned();
    expect(await countsOf(others)).toEqual([1]);
    expect(await countsOf(ids)).toEqual([0]);
    expect(await isThere(journalId)).toBe(true);
    await db.callJournal.delete({ where: { id: journalId } });
  });
});

test("whatever happens in whatever order, each call is counted once", { timeout: 120_000 }, async () => {
  const random = (below: number) => Math.floor(Math.random() * below);
  const ids = keyIds(150);
  const owed = new Map(ids.map((id) => [id, 0]));
  let journal = newJournal();
  const story: string[] = [];
  const acts = {
    append: async () => {
      const some = ids.filter(() => random(2) === 0);
      await journal.append(secondOf(some, story.length));
      for (const id of some) owed.set(id, (owed.get(id) ?? 0) + 1);
    },
    "count some": () => journal.countSome(),
    "count all": () => journal.countAll(),
    "be killed": async () => {
      journal = newJournal();
    },
    "be taken over": () => takeOverAbandoned(),
  };
  const usual = Object.keys(acts).slice(0, 3) as (keyof typeof acts)[];
  for (let step = 0; step < 120; step++) {
    const act =
      step % 20 === 19
        ? (["be killed", "be taken over"] as const)[random(2)]
        : usual[[0, 0, 0, 1, 1, 2][random(6)] as number];
    story.push(act as string);
    await acts[act as keyof typeof acts]();
  }
  await journal.countAll();
  await takeOverAbandoned();
  const rows = await db.apiKeyUsage.findMany({ where: { keyId: { in: ids } }, select: { keyId: true, calls: true } });
  expect(new Map(rows.map(({ keyId, calls }) => [keyId, Number(calls)])), story.join(", ")).toEqual(
    new Map([...owed].filter(([, calls]) => calls > 0)),
  );
});
