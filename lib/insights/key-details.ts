import "server-only";
import { z } from "zod";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { type Holder, holder, holderSelect } from "@/lib/insights/holder";
import { whereVisible } from "@/lib/insights/where-visible";

/** The origin of the latest successful call. */
export type LastUse = { at: string; ip: string | null; userAgent: string | null };

/** The data in the key's own row and related rows. */
export type KeyDetails = {
  key: ApiKeyDto;
  /** The member a personal key acts as. */
  owner: Holder | null;
  /** A team key's contact. */
  responsible: Holder | null;
  isOwn: boolean;
  revokedAt: string | null;
  lastUse: LastUse | null;
};

const detailsSelect = {
  ...apiKeySelect,
  member: { select: holderSelect },
  responsibleMember: { select: holderSelect },
  usage: { select: { lastUsedAt: true, lastUsedIp: true, lastUsedUserAgent: true } },
} as const;

/** A key that the actor can view; null for all others and for malformed IDs. */
export async function readKeyDetails(actor: Actor, id: string): Promise<KeyDetails | null> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  if (!z.uuid().safeParse(id).success) return null;
  const row = await db.apiKey.findFirst({ where: { AND: [{ id }, whereVisible(actor)] }, select: detailsSelect });
  if (!row) return null;
  const { member, responsibleMember, usage } = row;
  return {
    key: apiKeyDto(row, actor.now),
    owner: member && holder(member),
    responsible: responsibleMember && holder(responsibleMember),
    isOwn: row.kind === "personal" && member?.id === actor.memberId,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUse: usage && { at: usage.lastUsedAt.toISOString(), ip: usage.lastUsedIp, userAgent: usage.lastUsedUserAgent },
  };
}
