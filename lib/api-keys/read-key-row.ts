import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type ApiKeyRow, ownColumns } from "@/lib/api-keys/dto";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";

/**
 * A key inside a transaction, with whom and what it belongs to; null when there is none. One query after the other:
 * a transaction has one connection, and a select with several relations would press them onto it at once.
 */
export async function readKeyRow(
  tx: Transaction,
  { teamId }: Actor,
  where: Prisma.ApiKeyWhereInput,
): Promise<ApiKeyRow | null> {
  const key = await tx.apiKey.findFirst({ where: { AND: [{ teamId }, where] }, select: ownColumns });
  if (!key) return null;
  const { memberId, responsibleMemberId, ...own } = key;
  const people = await tx.member.findMany({
    where: { teamId, id: { in: [memberId, responsibleMemberId].filter((id) => id !== null) } },
    select: {
      id: true,
      disabledAt: true,
      removedAt: true,
      user: { select: { name: true, disabledAt: true } },
      roleId: true,
    },
  });
  const person = (id: string | null) => people.find((each) => each.id === id) ?? null;
  const owner = person(memberId);
  const role = owner && (await tx.role.findUniqueOrThrow({ where: { id: owner.roleId, teamId } }));
  const rotatedTo = await tx.apiKey.findUnique({ where: { rotatedFromId: own.id, teamId }, select: { id: true } });
  const usage = await tx.apiKeyUsage.findUnique({
    where: { keyId: own.id, key: { teamId } },
    select: { lastUsedAt: true },
  });
  return {
    ...own,
    member: owner && role && { ...owner, role },
    responsibleMember: person(responsibleMemberId),
    rotatedTo,
    usage,
  };
}

/** The same for a key that the transaction has just written. */
export async function readWrittenKey(tx: Transaction, actor: Actor, id: string): Promise<ApiKeyRow> {
  const key = await readKeyRow(tx, actor, { id });
  if (!key) throw new Error("a key that was just written is gone");
  return key;
}
