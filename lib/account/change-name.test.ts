import { expect, test } from "vitest";
import { changeName } from "@/lib/account/change-name";
import { changeNameSchema } from "@/lib/account/schemas";
import { db } from "@/lib/database/db";
import { readSession } from "@/lib/sessions/read-session";
import { auditEntries, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { startTestSession } from "@/lib/testing/sessions";

const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

async function signedIn() {
  const user = await createTestUser();
  const teams = [await createTestTeam(), await createTestTeam()];
  for (const team of teams) await createTestMember(team, {}, user);
  return { user, teams, session: await startTestSession(user) };
}

test("a new name is in each team's log, with the old one, and saving it again isn't", async () => {
  const { user, teams, session } = await signedIn();
  await changeName(session, CONTEXT, { name: "Ada Lovelace" });
  await changeName(session, CONTEXT, { name: "Ada Lovelace" });
  expect((await readSession(session.secret))?.user.name).toBe("Ada Lovelace");
  for (const { id } of teams) {
    expect(await auditEntries(id, "user.profile_changed")).toMatchObject([
      {
        actorId: user.id,
        actorName: user.name,
        targetId: user.id,
        details: { name: { from: user.name, to: "Ada Lovelace" } },
        ...CONTEXT,
      },
    ]);
  }
});

test("two new names at once follow each other, and the log says in which order", async () => {
  const { user, teams, session } = await signedIn();
  await Promise.all(["Ada", "Bob"].map((name) => changeName(session, CONTEXT, { name })));
  const { name } = await db.user.findUniqueOrThrow({ where: { id: user.id } });
  const entries = await db.auditEntry.findMany({
    where: { teamId: teams[0]?.id, action: "user.profile_changed" },
    orderBy: { seq: "asc" },
  });
  const other = name === "Ada" ? "Bob" : "Ada";
  expect(entries.map(({ details }) => details)).toEqual([
    { name: { from: user.name, to: other } },
    { name: { from: other, to: name } },
  ]);
});

test.each([
  [{ name: "" }],
  [{ name: " " }],
  [{ name: "a\nb" }],
  [{ name: "x".repeat(81) }],
  [{}],
  [{ name: "A", email: "b@c.de" }],
])("bad input is refused: %j", (input) => {
  expect(changeNameSchema.safeParse(input).success).toBe(false);
});
