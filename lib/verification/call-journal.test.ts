import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/db";
import { inAnotherProcess } from "@/lib/testing/another-process";
import { loseAnswer } from "@/lib/testing/lost-answer";
import { CallJournal } from "@/lib/verification/call-journal";
import type { Calls } from "@/lib/verification/call-rows";
import { type AlikeCalls, PendingCalls } from "@/lib/verification/pending-calls";
import { countAbandonedCalls } from "@/lib/verification/take-over-journals";

const NOON = Date.parse("2026-06-15T12:00:00.000Z");
const TEAM = randomUUID();
/** Enough for every share to have some. */
const KEYS = 400;

const made: string[] = [];
function keyIds(count = KEYS): string[] {
  const ids = Array.from({ length: count }, () => randomUUID());
  made.push(...ids);
  return ids;
}
afterEach(async () => {
  await db.apiKeyUsage.deleteMany({ where: { keyId: { in: made.splice(0) } } });
});

/** One call of each key in a second after noon. */
function secondOf(ids: readonly string[], second: number, more: Partial<Calls> = {}): PendingCalls {
  const at = NOON + 1_000 * second;
  const calls = new PendingCalls(ids.length, () => {});
  const same = { teamId: TEAM, code: "valid" as const, count: 1, ip: "192.0.2.1", userAgent: "curl/8", scopes: null };
  for (const keyId of ids) calls.add({ ...same, keyId, at, firstAt: at, untold: 1, ...more });
  return calls;
}

/** How many calls are counted of these keys, as a list of the different numbers. */
async function countsOf(ids: readonly string[]): Promise<number[]> {
  const rows = await db.apiKeyUsage.findMany({ where: { keyId: { in: [...ids] } }, select: { calls: true } });
  const counts = rows.map(({ calls }) => calls);
  return [...new Set([...counts, ...(rows.length < ids.length ? [0] : [])])].sort((a, b) => a - b);
}

const isThere = async (id: string | undefined) => (await db.callJournal.count({ where: { id } })) > 0;
const newJournal = (tell: (calls: AlikeCalls) => void = () => {}) => new CallJournal(tell);

/** As two rounds would that are far enough apart for every living process to touch its journal. */
async function takeOverAbandoned(count = countAbandonedCalls): Promise<void> {
  await count();
  await delay(1_500);
  await count();
}

describe("calls that are written down", () => {
  test("are counted later, all of them, with the latest of each key; then nothing is left of the journal", async () => {
    const ids = keyIds();
    const journal = newJournal();
    await journal.append(secondOf(ids, 1, { count: 2 }));
    await journal.append(secondOf(ids.slice(0, 100), 3, { ip: "192.0.2.3", userAgent: null }));
    const { id } = journal;
    expect(await countsOf(ids)).toEqual([0]);
    await journal.countAll();
    expect(await countsOf(ids.slice(0, 100))).toEqual([3]);
    expect(await countsOf(ids.slice(100))).toEqual([2]);
    expect(await db.apiKeyUsage.findUnique({ where: { keyId: ids[0] } })).toMatchObject({
      teamId: TEAM,
      lastUsedAt: new Date(NOON + 3_000),
      lastUsedIp: "192.0.2.3",
      lastUsedUserAgent: null,
    });
    expect(journal.isEmpty).toBe(true);
    expect(await isThere(id)).toBe(false);
  });

  test("are counted in half a minute's turns, and what is counted of all isn't kept", async () => {
    const ids = keyIds();
    const journal = newJournal();
    const entries = () => db.callJournalEntry.count({ where: { journalId: journal.id } });
    for (let second = 1; second <= 32; second++) {
      await journal.append(secondOf(ids, second));
      await journal.countSome();
    }
    const counted = await countsOf(ids);
    expect([counted[0], counted.at(-1)]).toEqual([1, 32]);
    expect(await entries()).toBe(31);
    for (let second = 33; second <= 64; second++) {
      await journal.append(secondOf([], second));
      await journal.countSome();
    }
    expect(await countsOf(ids)).toEqual([32]);
    await journal.countAll();
    expect(await entries()).toBe(0);
  });

  test("don't wait for their turn where there are many of a share", async () => {
    // All of one share: their last bytes are the same.
    const ids = keyIds(3_000).map((id) => `${id.slice(0, -2)}3f`);
    made.push(...ids);
    const journal = newJournal();
    await journal.append(secondOf(ids.slice(0, 1_700), 1));
    await journal.countSome();
    expect(await countsOf(ids)).toEqual([0]);
    await journal.append(secondOf(ids.slice(1_700), 2));
    await journal.countSome();
    expect(await countsOf(ids)).toEqual([1]);
    await journal.countAll();
  });

  test("are told when they are counted, once", async () => {
    const told: AlikeCalls[] = [];
    const ids = keyIds(3);
    const journal = newJournal((calls) => told.push(calls));
    await journal.append(secondOf(ids, 1, { scopes: "events.read" }));
    await journal.append(secondOf(ids, 2, { scopes: "events.read" }));
    expect(told).toEqual([]);
    await journal.countAll();
    expect(told.map(({ keyId, calls, scopes }) => [keyId, calls, scopes]).sort()).toEqual(
      ids.map((id) => [id, 2, ["events.read"]]).sort(),
    );
  });

  test("of two hours are counted for their own", async () => {
    const ids = keyIds(70);
    const journal = newJournal();
    vi.useFakeTimers({ toFake: ["Date"], now: NOON + 3_599_000 });
    onTestFinished(() => void vi.useRealTimers());
    await journal.append(secondOf(ids, 3_598));
    vi.setSystemTime(NOON + 3_601_000);
    await journal.append(secondOf(ids, 3_600));
    await journal.countAll();
    const hours = await db.apiKeyHour.findMany({ where: { keyId: { in: ids } }, select: { hour: true, calls: true } });
    expect(hours).toEqual(ids.map(() => ({ hour: new Date(NOON), calls: 1 })));
    expect(await countsOf(ids)).toEqual([1]);
    await db.apiKeyHour.deleteMany({ where: { keyId: { in: ids } } });
  });

  test("hold no token that somebody sent as the user agent", async () => {
    const { token } = generateToken("personal");
    const journal = newJournal();
    await journal.append(secondOf(keyIds(1), 1, { userAgent: `curl ${token}` }));
    const [entry] = await db.callJournalEntry.findMany({ where: { journalId: journal.id } });
    expect(entry?.shared).toContain(`curl ${token.slice(0, 11)}`);
    expect(entry?.shared).not.toContain(token.slice(0, 20));
    expect(Buffer.from(entry?.rows ?? []).includes(token)).toBe(false);
    await journal.countAll();
  });

  test("and can never be counted don't keep the others from it", async () => {
    const ids = keyIds();
    const NO_TIME = 1e20;
    const journal = newJournal();
    await journal.append(secondOf(ids.slice(0, 3), 1, { at: NO_TIME }));
    await journal.append(secondOf(ids.slice(3), 1));
    await journal.countAll();
    expect(await countsOf(ids.slice(3))).toEqual([1]);
    expect(await countsOf(ids.slice(0, 3))).toEqual([0]);
    expect(journal.isEmpty).toBe(true);
  });
});

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
    const other = await inAnotherProcess(() => import("@/lib/verification/take-over-journals"));
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

describe("when the database fails in the middle", () => {
  test("and says so, what is to be counted stays for the next time", async () => {
    const ids = keyIds();
    const journal = newJournal();
    await journal.append(secondOf(ids, 1));
    const { id } = journal;
    loseAnswer("count-journalled-calls", false, Object.assign(new Error("deadlock detected"), { code: "40P01" }));
    await journal.countAll();
    expect(journal.id).toBe(id);
    await journal.countAll();
    expect(await countsOf(ids)).toEqual([1]);
    expect(journal.isEmpty).toBe(true);
  });

  test.each([true, false])(
    "while counting (and the statement was run: %s), each call is counted once",
    async (isRun) => {
      const ids = keyIds();
      const journal = newJournal();
      await journal.append(secondOf(ids, 1));
      loseAnswer("count-journalled-calls", isRun);
      await journal.countAll();
      expect(journal.isEmpty).toBe(true);
      await journal.append(secondOf(ids, 2));
      await journal.countAll();
      await takeOverAbandoned();
      expect(await countsOf(ids)).toEqual([2]);
    },
  );

  test.each([true, false])(
    "while writing down (and it was: %s), asking tells, and each call is counted once",
    async (isRun) => {
      const ids = keyIds();
      const killed = newJournal();
      await killed.append(secondOf(ids, 1));
      const next = secondOf(ids, 2);
      loseAnswer("append-to-call-journal", isRun);
      await expect(killed.append(next)).rejects.toThrow("the connection is gone");
      expect(await killed.isWritten(next)).toBe(isRun);
      if (!isRun) await killed.append(next);
      await killed.append(secondOf(ids, 3));
      await killed.countSome();
      await takeOverAbandoned();
      expect(await countsOf(ids)).toEqual([3]);
    },
  );

  test("while writing down, and the journal is taken over before anybody asks: nothing is counted twice", async () => {
    const ids = keyIds();
    const stalled = newJournal();
    const calls = secondOf(ids, 1);
    loseAnswer("append-to-call-journal", true);
    await expect(stalled.append(calls)).rejects.toThrow("the connection is gone");
    await takeOverAbandoned();
    expect(await stalled.isWritten(calls)).toBe(true);
    await stalled.countAll();
    expect(await countsOf(ids)).toEqual([1]);
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
  expect(new Map(rows.map(({ keyId, calls }) => [keyId, calls])), story.join(", ")).toEqual(
    new Map([...owed].filter(([, calls]) => calls > 0)),
  );
});
