import { db } from "@/lib/database/db";
import type { KeyFate } from "@/lib/members/key-fates";
import { createTestMember, createTestTeam } from "@/lib/testing/fixtures";

/** A team with an Admin, and a Developer to remove. */
export async function adminAndMember() {
  const team = await createTestTeam();
  return { team, admin: await createTestMember(team, { role: "Admin" }), member: await createTestMember(team) };
}

/** The input of an Admin who sees the current keys, with the fate of each; the others are revoked. */
export const removal = async (id: string, fates: Record<string, KeyFate> = {}, acceptsKnownTokens = false) => ({
  id,
  listed: (await db.apiKey.findMany({ where: { memberId: id }, select: { id: true } })).map((key) => key.id),
  keys: Object.entries(fates).map(([keyId, fate]) => ({ id: keyId, fate })),
  acceptsKnownTokens,
});

export const isMember = async (memberId: string) =>
  (await db.member.findUniqueOrThrow({ where: { id: memberId } })).removedAt === null;
