import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import { verifyChain } from "@/lib/audit/verify-chain";
import { db } from "@/lib/database/db";
import { createSession } from "@/lib/sessions/create-session";
import { signOutEverywhere } from "@/lib/sessions/end-sessions";
import { readSession } from "@/lib/sessions/read-session";
import {
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  createTestUser,
  NOWHERE,
} from "@/lib/testing/fixtures";

let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
});

afterAll(() => client.end());

describe("a team's log is one unbroken chain", () => {
  test("after fifty changes at the same time", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team);
    const ids = await createTestKeys(actor, Array(50).fill({}));
    const changes = await Promise.allSettled(
      ids.map((id, index) => renameApiKey(actor, { id, name: `Name ${index}` })),
    );
    // On a busy machine, some get no connection in time and leave no entry.
    const done = changes.filter(({ status }) => status === "fulfilled").length;
    expect(done).toBeGreaterThan(10);
    expect(await verifyChain(client, team.id)).toMatchObject({ entries: 1 + done, broken: null });
  });

  test("in each of the teams that people sign in to at the same time, whatever order they joined them in", async () => {
    const teams = await Promise.all(Array.from({ length: 4 }, createTestTeam));
    const users = await Promise.all(Array.from({ length: 8 }, () => createTestUser()));
    const orderOf = (index: number) => (index % 2 ? teams : teams.toReversed());
    for (const [index, user] of users.entries()) {
      for (const team of orderOf(index)) await createTestMember(team, {}, user);
    }
    await Promise.all(
      users.map(async (user, index) => {
        const members = orderOf(index).map(({ id }) => ({ teamId: id }));
        const id = await createSession({ ...user, members }, NOWHERE, null);
        const session = (await readSession(id)) ?? expect.fail("the session doesn't live");
        await signOutEverywhere(session, NOWHERE);
      }),
    );
    for (const { id } of teams) {
      expect(await verifyChain(client, id)).toMatchObject({ entries: 1 + 2 * users.length, broken: null });
    }
  });

  test("whose numbers a rolled back change doesn't use up", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team);
    const { id } = await createTestKey(actor);
    const undone = db.$transaction(async (tx) => {
      await tx.auditEntry.create({
        data: { teamId: team.id, action: "api_key.renamed", actorName: "Ada", targetType: "api_key", targetLabel: "x" },
      });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    await renameApiKey(actor, { id, name: "Other" });
    expect(await verifyChain(client, team.id)).toMatchObject({ entries: 2, broken: null });
  });
});
