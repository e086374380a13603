import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestKey, createTestMember, type TestTeam } from "@/lib/testing/fixtures";
import { watchLookUps } from "@/lib/testing/watch-look-ups";
import { testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
let theirs: TestTeam;
beforeAll(async () => {
  ours = await createVerifyingTeam();
  theirs = (await createVerifyingTeam()).team;
});

const endpoints: [string, (tokens: string[], headers: object) => Promise<{ status: number; body: string }>][] = [
  [
    "introspect",
    ([token = ""], headers) => verifier.postForm("/api/v1/introspect", { token }, { headers: { ...headers } }),
  ],
  ["verify", ([token], headers) => verifier.postJson("/api/v1/verify", { token }, { headers: { ...headers } })],
  ["verify of many", (tokens, headers) => verifier.postJson("/api/v1/verify", { tokens }, { headers: { ...headers } })],
];

const unknown = () => [generateToken("personal").token, generateToken("team").token];

/** Keys of members that are not cached yet, so that the first lookup reads the most. */
async function foreign(): Promise<string[]> {
  const member = await createTestMember(theirs, { permissions: ["events.read"] });
  return [(await createTestKey(member)).token, (await createTestKey(member, { kind: "team" })).token];
}

describe.each(endpoints)("%s: whether a token is another team's or nobody's shows", (_, ask) => {
  /** How many keys each statement asked for, and the answer. */
  async function costOf(tokens: string[], headers: object) {
    const statements = watchLookUps();
    const before = statements().length;
    const { status, body } = await ask(tokens, headers);
    expect(status).toBe(200);
    const sent = statements().slice(before);
    return { sizes: sent.map(({ length }) => length), body };
  }

  test("neither in the answer nor in what is asked of the database, at first sight and later", async () => {
    const tokens = await foreign();
    await ask(unknown(), ours.asBearer);
    const expected = await costOf(unknown(), ours.asBearer);
    expect(expected.sizes.length).toBeGreaterThan(0);
    for (let time = 0; time < 3; time++) {
      for (const headers of [ours.asBearer, ours.asBasic]) expect(await costOf(tokens, headers)).toEqual(expected);
    }
    expect(await costOf(unknown(), ours.asBearer)).toEqual(expected);
  });

  test("nor when the key was presented by its holder meanwhile", async () => {
    const tokens = await foreign();
    for (const token of tokens) await verifier.call("/api/v1/me", { headers: { authorization: `Bearer ${token}` } });
    await ask(unknown(), ours.asBearer);
    expect(await costOf(tokens, ours.asBearer)).toEqual(await costOf(unknown(), ours.asBearer));
  });

  test("nor to a caller that this process sees for the first time", async () => {
    const [first, second] = [await createVerifyingTeam(), await createVerifyingTeam()];
    const sizes = async (tokens: string[], { asBearer }: VerifyingTeam) => (await costOf(tokens, asBearer)).sizes;
    expect((await sizes(await foreign(), first)).length).toBe((await sizes(unknown(), second)).length);
  });
});
