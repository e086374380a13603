import { expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { deleteOutdated } from "@/lib/rest/delete-outdated";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { createTestDeveloper, createTestUser, NOWHERE } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { startTestSession } from "@/lib/testing/sessions";

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

test("the names of requests are kept for a day, and session tokens until they end", async () => {
  const { memberId } = await createTestDeveloper();
  const request = { memberId, requestHash: Buffer.alloc(32) };
  await db.idempotencyKey.createMany({
    data: [
      { ...request, key: "young", createdAt: ago(23) },
      { ...request, key: "old", createdAt: ago(25) },
    ],
  });
  const user = await createTestUser();
  const session = await startTestSession(user);
  await issueSessionToken(session, NOWHERE);
  await issueSessionToken(session, NOWHERE);
  const first = await db.sessionToken.findFirstOrThrow({ where: { sessionId: session.id } });
  await ownerDb.sessionToken.update({ where: { id: first.id }, data: { expiresAt: ago(1) } });

  await deleteOutdated();
  expect((await db.idempotencyKey.findMany({ where: { memberId } })).map(({ key }) => key)).toEqual(["young"]);
  expect(await db.sessionToken.count({ where: { sessionId: session.id } })).toBe(1);
  expect(await db.sessionToken.count({ where: { id: first.id } })).toBe(0);
});
