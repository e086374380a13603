import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { sqlActive } from "@/lib/api-keys/status";
import { db } from "@/lib/database/db";
import { describeBreaches } from "@/lib/policies/describe-breaches";
import { LIFETIME_TOLERANCE_MS, readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";

/** A key that doesn't comply with a policy. It keeps working until somebody changes it. */
export type BreakingKey = {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  kind: KeyKind;
  /** The name of a personal key's member. */
  owner: string | null;
  breaches: string[];
};

/** Their number, and the newest of them. */
export type BreakingKeys = { total: number; keys: BreakingKey[] };

const DAY_MS = 86_400_000;

/** The team's active keys that don't comply with a policy. Counted in the database: a team can have 100,000 keys. */
export async function findBreakingKeys(teamId: string, policy: TeamPolicy, limit: number): Promise<BreakingKeys> {
  const breaking = breakingKeys(teamId, policy);
  if (!breaking) return { total: 0, keys: [] };
  const [total, found] = await Promise.all([
    countBreakingKeys(teamId, policy),
    db.$queryRaw<{ id: string }[]>`select k.id ${breaking} order by k.created_at desc, k.id desc limit ${limit}`,
  ]);
  return {
    total,
    keys: await readKeys(
      teamId,
      policy,
      found.map(({ id }) => id),
    ),
  };
}

/** For each team that has a policy, the number of its active keys that don't comply with it. */
export async function countBreakingKeysByTeam(): Promise<{ teamId: string; keys: number }[]> {
  const teams = await db.teamPolicy.findMany({ select: { teamId: true } });
  const counts: { teamId: string; keys: number }[] = [];
  // One after the other: each may read all keys of a team.
  for (const { teamId } of teams) {
    counts.push({ teamId, keys: await countBreakingKeys(teamId, await readPolicy(db, teamId)) });
  }
  return counts;
}

async function countBreakingKeys(teamId: string, policy: TeamPolicy): Promise<number> {
  const breaking = breakingKeys(teamId, policy);
  if (!breaking) return 0;
  const [count] = await db.$queryRaw<{ total: number }[]>`select count(*)::int as total ${breaking}`;
  return count?.total ?? 0;
}

/** The rest of a query for the keys; null if the policy demands nothing of keys. */
function breakingKeys(teamId: string, policy: TeamPolicy): Prisma.Sql | null {
  const rules = breakingRules(policy);
  if (rules.length === 0) return null;
  return Prisma.sql`
    from api_keys k left join members m on m.id = k.member_id
    where k.team_id = ${teamId}::uuid and ${sqlActive()}
      and (k.kind = 'team' or m.removed_at is null)
      and (${Prisma.join(rules, " or ")})`;
}

/** The rules of `policyBreaches` in SQL; a test compares both. */
function breakingRules(policy: TeamPolicy): Prisma.Sql[] {
  const rules: Prisma.Sql[] = [];
  if (!policy.mayNeverExpire) rules.push(Prisma.sql`k.expires_at is null`);
  if (policy.maxLifetimeDays !== null) {
    const longestMs = policy.maxLifetimeDays * DAY_MS + LIFETIME_TOLERANCE_MS;
    rules.push(Prisma.sql`k.expires_at is null`);
    rules.push(Prisma.sql`extract(epoch from k.expires_at - k.created_at) * 1000 > ${longestMs}::bigint`);
  }
  if (policy.requiresIps) rules.push(Prisma.sql`cardinality(k.allowed_ips) = 0`);
  if (policy.memberScopes) {
    rules.push(Prisma.sql`(k.kind = 'personal' and not k.scopes <@ ${[...policy.memberScopes]}::text[])`);
  }
  return rules;
}

async function readKeys(teamId: string, policy: TeamPolicy, ids: string[]): Promise<BreakingKey[]> {
  const rows = await db.apiKey.findMany({
    where: { teamId, id: { in: ids } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: {
      ...{ id: true, name: true, tokenStart: true, tokenLastFour: true, kind: true },
      ...{ scopes: true, allowedIps: true, createdAt: true, expiresAt: true },
      member: { select: { user: { select: { name: true } } } },
    },
  });
  return rows.map(({ id, name, tokenStart, tokenLastFour, kind, member, ...terms }) => ({
    ...{ id, name, tokenStart, tokenLastFour, kind },
    owner: member?.user.name ?? null,
    breaches: describeBreaches(policy, { kind, ...terms }),
  }));
}

/** The number of members with more active personal keys than a policy allows. */
export async function countMembersOverLimit(teamId: string, maxActiveKeys: number): Promise<number> {
  const [row] = await db.$queryRaw<{ members: number }[]>`
    select count(*)::int as members from (
      select k.member_id
      from api_keys k join members m on m.id = k.member_id
      where k.team_id = ${teamId}::uuid and k.kind = 'personal' and m.removed_at is null
        and ${sqlActive()}
      group by k.member_id having count(*) > ${maxActiveKeys}::int) beyond`;
  return row?.members ?? 0;
}
