import { expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { recordAudit } from "@/lib/audit/record";
import { db, inTransaction } from "@/lib/database/db";
import { createTestTeam } from "@/lib/testing/fixtures";

test("a token in any text of an entry is cut to its start: nothing can be taken out of the log again", async () => {
  const { id: teamId } = await createTestTeam();
  const { token, tokenStart } = generateToken("personal");
  const actor = { userId: null, name: `Ada ${token}`, ip: null, userAgent: `curl/8 "${token}"` };
  const target = { type: "role" as const, id: null, label: token };
  const details = { from: token, to: [`x ${token}`], [token]: { deep: `"${token}"` } };
  await inTransaction((tx) => recordAudit(tx, { teamId, action: "role.renamed", actor, target, details }));
  expect(await db.auditEntry.findFirst({ where: { teamId, action: "role.renamed" } })).toMatchObject({
    actorName: `Ada ${tokenStart}`,
    userAgent: `curl/8 "${tokenStart}"`,
    targetLabel: tokenStart,
    details: { from: tokenStart, to: [`x ${tokenStart}`], [tokenStart]: { deep: `"${tokenStart}"` } },
  });
});
