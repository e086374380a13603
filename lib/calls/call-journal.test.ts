import { randomUUID } from "node:crypto";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/db";
import {
  countsOf,
  isThere,
  keyIds,
  NOON,
  newJournal,
  secondOf,
  TEAM,
  takeOverAbandoned,
} from "@/lib/testing/journalled-calls";
import { loseAnswer } from "@/lib/testing/lost-answer";
import type { AlikeCalls } from "@/lib/calls/pending-calls";

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
    for (let second = 1; second <= 32; second++) {
      await journal.append(secondOf(ids, second));
      await journal.countSome();
    }
    const { id: journalId } = journal;
    const entries = () => db.callJournalEntry.count({ where: { journalId } });
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
    const ids = keyIds(3_000, () => `${randomUUID().slice(0, -2)}3f`);
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
    expect(hours).toEqual(ids.map(() => ({ hour: new Date(NOON), calls: 1n })));
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
