import "server-only";
import { z } from "zod";
import type { Prisma } from "@/generated/prisma/client";
import { sqlSearch } from "@/lib/api-keys/sql-search";
import { AUDIT_ACTIONS, type AuditAction } from "@/lib/audit/actions";
import { AUDIT_TARGET_NAMES } from "@/lib/audit/targets";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { pageOf, pageQuery, pageRequestFields } from "@/lib/http/page-cursor";
import { isAddressConfirmed, markedAddress } from "@/lib/members/confirmed-address";
import { searchText } from "@/lib/text/plain-text";

const PAGE_SIZE = 50;
const MAX_MEMBERS_OFFERED = 500;
const MAX_KEYS_MATCHED = 200;
const DAY_MS = 86_400_000;

// PostgreSQL has no year 0.
const day = z.iso
  .date()
  .refine((date) => !date.startsWith("0000"))
  .nullable()
  .catch(null);

/** The filter's fields; invalid values are ignored. Days are UTC and inclusive. */
export const auditFilterFields = {
  action: z
    .enum(Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]])
    .nullable()
    .catch(null),
  member: z.uuid().nullable().catch(null),
  key: searchText(100).catch(""),
  about: z.enum(AUDIT_TARGET_NAMES).nullable().catch(null),
  from: day,
  to: day,
};
const auditFilterSchema = z.object(auditFilterFields);
export type AuditFilter = z.output<typeof auditFilterSchema>;

/** The page's URL parameters. */
export const auditListSchema = z.object({ ...auditFilterFields, ...pageRequestFields });
export type AuditListInput = z.output<typeof auditListSchema>;

const select = {
  id: true,
  at: true,
  action: true,
  actorName: true,
  targetType: true,
  targetId: true,
  targetLabel: true,
  ip: true,
  details: true,
} as const;

export type AuditEntryDto = {
  id: string;
  at: string;
  action: string;
  actorName: string;
  targetType: string;
  targetId: string | null;
  targetLabel: string;
  ip: string | null;
  details: Prisma.JsonValue;
};

export type AuditPage = { entries: AuditEntryDto[]; older: string | null; newer: string | null };

/** A page of the team's audit log, newest first. */
export async function listAuditEntries(actor: Actor, input: AuditListInput): Promise<AuditPage> {
  authorize(actor, "audit.view");
  const { where, ...query } = pageQuery("at", input, PAGE_SIZE);
  const found = await db.auditEntry.findMany({
    where: { AND: [where, await whereEntries(actor, input)] },
    ...query,
    select,
  });
  const { rows, older, newer } = pageOf(found, input, PAGE_SIZE, (row) => row);
  return { entries: rows.map((row) => ({ ...row, at: row.at.toISOString() })), older, newer };
}

/** The team's entries that match the filter; the caller has authorized. */
export async function whereEntries(actor: Actor, filter: AuditFilter): Promise<Prisma.AuditEntryWhereInput> {
  return { teamId: actor.teamId, AND: [conditions(filter), await aboutKey(actor, filter.key)] };
}

function conditions({ action, member, about, from, to }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(action && { action }),
    ...(member && { actorId: member }),
    ...(about && { targetType: about }),
    at: {
      ...(from && { gte: new Date(from) }),
      ...(to && { lt: new Date(Date.parse(to) + DAY_MS) }),
    },
  };
}

/** All current and former members, for the filter: the log outlives memberships. */
export async function listAuditMembers(actor: Actor): Promise<{ id: string; name: string }[]> {
  authorize(actor, "audit.view");
  const members = await db.member.findMany({
    where: { teamId: actor.teamId },
    orderBy: { user: { name: "asc" } },
    take: MAX_MEMBERS_OFFERED,
    select: { confirmedEmail: true, user: { select: { id: true, name: true, email: true, confirmedEmail: true } } },
  });
  return members.map((member) => {
    const { id, name, email } = member.user;
    return { id, name: `${name} (${markedAddress(email, isAddressConfirmed(member.user, member))})` };
  });
}

/**
 * Entries about one key by its ID, or about keys whose current name or prefix matches, whatever their name was then.
 */
async function aboutKey(actor: Actor, key: string): Promise<Prisma.AuditEntryWhereInput> {
  if (!key) return {};
  if (z.uuid().safeParse(key).success) return { targetType: "api_key", targetId: key };
  const keys = await db.$queryRaw<{ id: string }[]>`
    select k.id from api_keys k where k.team_id = ${actor.teamId}::uuid and ${sqlSearch(key)}
    order by k.created_at desc limit ${MAX_KEYS_MATCHED}`;
  return { targetType: "api_key", targetId: { in: keys.map(({ id }) => id) } };
}
