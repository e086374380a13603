import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { readRotationChain } from "@/lib/insights/rotation-chain";
import { createTestDeveloper, createTestKey, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";

describe("a key's rotation chain", () => {
  let owner: Actor;

  beforeAll(async () => {
    owner = await createTestDeveloper();
  });

  async function chainOf(length: number): Promise<string[]> {
    const ids: string[] = [];
    for (let place = 0; place < length; place++) {
      const { id } = await createTestKey(owner, { name: `Key ${place}`, revokedAt: place === 0 ? inDays(-1) : null });
      const before = ids.at(-1);
      if (before) await db.apiKey.update({ where: { id }, data: { rotatedFromId: before } });
      ids.push(id);
    }
    return ids;
  }

  it("is the same from each of its keys, newest first, with their status", async () => {
    const ids = await chainOf(4);
    for (const id of ids) {
      const chain = await readRotationChain(owner, id);
      expect(chain.map((key) => key.id)).toEqual(ids.toReversed());
      expect(chain.map((key) => key.status)).toEqual(["active", "active", "active", "revoked"]);
    }
  });

  it("is empty for a key that was never rotated", async () => {
    expect(await readRotationChain(owner, (await createTestKey(owner)).id)).toEqual([]);
  });

  it("ends where the actor may not look, and in another team at once", async () => {
    const [first, second] = await chainOf(2);
    const other = await createTestMember({ id: owner.teamId, slug: "" }, { role: "Developer" });
    await db.apiKey.update({ where: { id: first }, data: { memberId: other.memberId } });
    expect((await readRotationChain(owner, second as string)).map(({ id }) => id)).toEqual([second]);
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    expect(await readRotationChain(stranger, second as string)).toEqual([]);
  });
});
