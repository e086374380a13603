import { beforeAll, describe, expect, it } from "vitest";
import { Prisma } from "@/generated/prisma/client";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { readKeyPage } from "@/lib/insights/key-page";
import { sqlVisible, whereVisible } from "@/lib/insights/where-visible";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const MAKES = "developer.manage_tokens";
const KEYS = "team.manage_keys";
const MEMBERS = "team.manage_members";

describe("whose keys somebody may look into", () => {
  let owner: Actor;
  let keys: { own: string; team: string; foreign: string };

  const actorWith = (...permissions: string[]) => createTestMember({ id: owner.teamId, slug: "" }, { permissions });
  const pageOf = async (actor: Actor, id: string) => (await readKeyPage(actor, id, 30))?.key.id ?? null;

  beforeAll(async () => {
    owner = await createTestMember(await createTestTeam(), { role: "Developer" });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    keys = {
      own: (await createTestKey(owner)).id,
      team: (await createTestKey(owner, { kind: "team" })).id,
      foreign: (await createTestKey(stranger, { kind: "team" })).id,
    };
  });

  it("shows the owner their own key and not the team's", async () => {
    expect(await pageOf(owner, keys.own)).toBe(keys.own);
    expect(await pageOf(owner, keys.team)).toBeNull();
  });

  it("shows who manages team keys the team's and nobody's personal ones", async () => {
    const manager = await actorWith(KEYS);
    expect(await pageOf(manager, keys.team)).toBe(keys.team);
    expect(await pageOf(manager, keys.own)).toBeNull();
  });

  it("shows every key to who manages the team's keys and its members", async () => {
    const admin = await actorWith(KEYS, MEMBERS);
    expect(await pageOf(admin, keys.own)).toBe(keys.own);
    expect(await pageOf(admin, keys.team)).toBe(keys.team);
  });

  it("shows another member's personal key to nobody who only makes keys or only manages members", async () => {
    expect(await pageOf(await actorWith(MAKES), keys.own)).toBeNull();
    expect(await pageOf(await actorWith(MAKES, MEMBERS), keys.own)).toBeNull();
  });

  it("shows nobody the keys of another team, nor what is no id", async () => {
    const admin = await actorWith(MAKES, KEYS, MEMBERS);
    for (const id of [keys.foreign, "no-id", "018f5b5e-0000-7000-8000-000000000000"]) {
      expect(await pageOf(admin, id)).toBeNull();
    }
  });

  it("is forbidden to who may manage no keys at all", async () => {
    const viewer = await actorWith("audit.view", MEMBERS);
    await expectAppError(readKeyPage(viewer, keys.own, 30), "forbidden");
  });

  it("is the same rule in SQL and in a Prisma filter", async () => {
    const permissions = [MAKES, KEYS, MEMBERS];
    for (let bits = 0; bits < 8; bits++) {
      const actor = { ...owner, permissions: new Set(permissions.filter((_, place) => bits & (1 << place))) };
      const bySql = await db.$queryRaw<{ id: string }[]>(
        Prisma.sql`select k.id from api_keys k where ${sqlVisible(actor)} order by k.id`,
      );
      const byFilter = await db.apiKey.findMany({
        where: whereVisible(actor),
        orderBy: { id: "asc" },
        select: { id: true },
      });
      expect(bySql, [...actor.permissions].join()).toEqual(byFilter);
    }
  });
});
