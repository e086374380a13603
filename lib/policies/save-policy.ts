import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { checkPolicy } from "@/lib/policies/check-policy";
import type { PolicyInput, SavePolicyInput } from "@/lib/policies/schemas";
import { readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

/**
 * Saves a team's policy. Existing keys aren't changed: it applies to keys created or changed from now on. An unchanged
 * policy isn't saved. Throws `conflict` if somebody else has saved one since the form was loaded.
 */
export async function savePolicy(
  actor: Actor,
  { seen, ...policy }: SavePolicyInput,
): Promise<{ changedAt: string | null }> {
  const { teamId } = actor;
  authorize(actor, "team.manage_policies");
  checkPolicy(policy);
  return inTransaction(async (tx) => {
    const now = await lockTeamGovernance(tx, teamId);
    await lockMember(tx, actor, "team.manage_policies");
    const savedAt = await lastSaved(tx, teamId);
    if (savedAt !== seen) {
      throw new AppError(
        "conflict",
        "Someone else changed the policy while you were editing. Your changes aren't saved yet.",
      );
    }
    const before = await readPolicy(tx, teamId);
    const details = differences(before, policy);
    if (Object.keys(details.to).length === 0) return { changedAt: savedAt };

    const row = { ...rowOf(policy), changedAt: now };
    const { changedAt } = await tx.teamPolicy.upsert({
      where: { teamId },
      create: { teamId, ...row },
      update: row,
      select: { changedAt: true },
    });
    await recordAudit(tx, {
      teamId,
      action: "policy.changed",
      actor,
      target: { type: "policy", id: teamId, label: "Policy for API keys" },
      details,
    });
    return { changedAt: changedAt.toISOString() };
  });
}

async function lastSaved(tx: Transaction, teamId: string): Promise<string | null> {
  const row = await tx.teamPolicy.findUnique({ where: { teamId }, select: { changedAt: true } });
  return row?.changedAt.toISOString() ?? null;
}

function rowOf({ memberScopes, ...policy }: PolicyInput) {
  return { ...policy, limitsScopes: memberScopes !== null, memberScopes: memberScopes ?? [] };
}

/** The changed fields, before and after. */
function differences(before: TeamPolicy, after: TeamPolicy) {
  const [from, to] = [namedValues(before), namedValues(after)];
  const changed = Object.keys(to).filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]));
  const pick = (values: typeof from) => Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
  return { from: pick(from), to: pick(to) };
}

function namedValues(policy: TeamPolicy): Record<string, string | number | boolean | string[] | null> {
  return {
    default_lifetime: policy.defaultLifetime,
    max_lifetime_days: policy.maxLifetimeDays,
    may_never_expire: policy.mayNeverExpire,
    requires_ips: policy.requiresIps,
    max_active_keys: policy.maxActiveKeys,
    default_overlap: policy.defaultOverlap,
    member_scopes: policy.memberScopes && [...policy.memberScopes].sort(),
  };
}
